#! code:status-scheme bgs:ConceptScheme-prefLabel Violation
DELETE { ?thing skos:prefLabel ?value }
WHERE {
    VALUES ?thing { code:status-scheme }
    ?thing skos:prefLabel ?value FILTER (lang(?value) = "en")
}
