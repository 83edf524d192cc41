#! line:rooms bgs:Concept-prefLabel-recommended Warning
#! code:closed bgs:Concept-prefLabel-recommended Warning
#! theme:books bgs:Concept-prefLabel-recommended Warning
DELETE { ?thing skos:prefLabel ?value }
WHERE {
    VALUES ?thing { line:rooms code:closed theme:books }
    ?thing skos:prefLabel ?value FILTER (lang(?value) = "nn")
}
