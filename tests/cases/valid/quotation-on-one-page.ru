DELETE { q:1-2 bg:page ?value }
INSERT { q:1-2 bg:page "4" }
WHERE { q:1-2 bg:page ?value }
