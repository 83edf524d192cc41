#! strategy:2024-2026 bgs:sourced Violation
#! line:spaces bgs:sourced Violation
#! id:earlier bgs:sourced Violation
DELETE { ?thing dcterms:source ?value }
WHERE {
    VALUES ?thing { strategy:2024-2026 line:spaces id:earlier }
    ?thing dcterms:source ?value
}
