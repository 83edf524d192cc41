#! id:table bgs:SourceTable-file Violation
DELETE { id:table bg:file ?value }
INSERT { id:table bg:file "data/tables/legal.xlsx" }
WHERE { id:table bg:file ?value }
