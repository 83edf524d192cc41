#! obs:1 bgs:StatusObservation Violation
#! obs:1 bgs:StatusObservation-comment-recommended Info
DELETE { obs:1 bg:comment ?text }
INSERT { obs:1 bg:coment ?text }
WHERE { obs:1 bg:comment ?text }
