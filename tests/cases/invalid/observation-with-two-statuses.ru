#! obs:1 bgs:StatusObservation-status Violation
INSERT DATA { obs:1 bg:status code:ongoing }
