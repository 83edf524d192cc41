DELETE { project:rom bg:lead ?value }
INSERT { project:rom bg:lead unit:rooms }
WHERE { project:rom bg:lead ?value }
