#! obs:1 bgs:StatusObservation-ofMeasure Violation
DELETE { obs:1 bg:ofMeasure ?value }
INSERT { obs:1 bg:ofMeasure m:99 }
WHERE { obs:1 bg:ofMeasure ?value }
