#! source:report bgs:SourceDocument-sha256 Violation
DELETE { source:report bg:sha256 ?value }
INSERT { source:report bg:sha256 "e3b0c442" }
WHERE { source:report bg:sha256 ?value }
