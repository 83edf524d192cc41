INSERT DATA { agent:library skos:prefLabel "Biblioteka"@nn , "The library"@en }
