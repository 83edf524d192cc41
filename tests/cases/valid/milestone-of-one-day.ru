DELETE { ms:1-1 bg:latest ?value }
INSERT { ms:1-1 bg:latest "2031-05-01"^^xsd:date }
WHERE { ms:1-1 bg:latest ?value }
