#! agent:county bgs:earliest-order Violation
#! change:county-2024 bgs:earliest-order Violation
DELETE { ?thing bg:latest ?value }
INSERT { ?thing bg:latest "1999-12-31"^^xsd:date }
WHERE {
    VALUES ?thing { agent:county change:county-2024 }
    ?thing bg:latest ?value
}
