#! id:step bgs:order Violation
DELETE { id:step bg:order ?value }
INSERT { id:step bg:order 0 }
WHERE { id:step bg:order ?value }
