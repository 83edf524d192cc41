#! bg:Measure bgs:Term-isDefinedBy Violation
DELETE { ?thing rdfs:isDefinedBy ?value }
WHERE {
    VALUES ?thing { bg:Measure }
    ?thing rdfs:isDefinedBy ?value
}
