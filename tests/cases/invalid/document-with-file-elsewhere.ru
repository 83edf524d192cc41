#! source:report bgs:SourceDocument-file Violation
DELETE { source:report bg:file ?value }
INSERT { source:report bg:file "report.pdf" }
WHERE { source:report bg:file ?value }
