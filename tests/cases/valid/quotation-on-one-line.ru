DELETE { q:1-2 bg:lineEnd ?value }
INSERT { q:1-2 bg:lineEnd 1 }
WHERE { q:1-2 bg:lineEnd ?value }
