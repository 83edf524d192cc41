#! m:1 bgs:quotation Violation
DELETE { m:1 bg:evidence ?value }
INSERT { m:1 bg:evidence q:9-9 }
WHERE { m:1 bg:evidence ?value }
