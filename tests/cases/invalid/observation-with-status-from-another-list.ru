#! obs:1 bgs:StatusObservation-status Violation
DELETE { obs:1 bg:status ?value }
INSERT { obs:1 bg:status code:happened }
WHERE { obs:1 bg:status ?value }
