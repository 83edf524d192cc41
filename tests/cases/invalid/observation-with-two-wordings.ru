#! obs:1 bgs:StatusObservation-wording Violation
INSERT DATA { obs:1 bg:wording "Biblioteket skal låne ut litt mer."@nb }
