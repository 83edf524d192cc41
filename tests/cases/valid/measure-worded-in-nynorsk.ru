DELETE { m:1 bg:text ?value }
INSERT { m:1 bg:text "Biblioteket skal byggje fleire lesesalar."@nn }
WHERE { m:1 bg:text ?value }
