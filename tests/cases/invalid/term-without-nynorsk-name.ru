#! bg:Measure bgs:Term-label Violation
DELETE { ?thing rdfs:label ?value }
WHERE {
    VALUES ?thing { bg:Measure }
    ?thing rdfs:label ?value FILTER (lang(?value) = "nn")
}
