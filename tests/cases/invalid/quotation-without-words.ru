#! q:1-2 bgs:Quotation-value Violation
DELETE { ?thing prov:value ?value }
WHERE {
    VALUES ?thing { q:1-2 }
    ?thing prov:value ?value
}
