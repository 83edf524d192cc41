#! obs:1 bgs:StatusObservation-comment Violation
INSERT DATA { obs:1 bg:comment "Åpnet i juni."@nb }
