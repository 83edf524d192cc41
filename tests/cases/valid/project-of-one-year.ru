DELETE { project:rom bg:endYear ?value }
INSERT { project:rom bg:endYear 2030 }
WHERE { project:rom bg:endYear ?value }
