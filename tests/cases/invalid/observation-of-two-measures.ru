#! obs:1 bgs:StatusObservation-ofMeasure Violation
INSERT DATA { obs:1 bg:ofMeasure m:ii-01 }
