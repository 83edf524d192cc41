#! round:rooms-2030 bgs:label Violation
#! change:county-2024 bgs:label Violation
DELETE { ?thing rdfs:label ?value }
WHERE {
    VALUES ?thing { round:rooms-2030 change:county-2024 }
    ?thing rdfs:label ?value
}
