#! code:ongoing bgs:Concept-inScheme Violation
DELETE { ?thing skos:inScheme ?value }
WHERE {
    VALUES ?thing { code:ongoing }
    ?thing skos:inScheme ?value
}
