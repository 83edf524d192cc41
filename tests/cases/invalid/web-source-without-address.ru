#! source:web bgs:WebSource-link-one Violation
DELETE { ?thing bg:link ?value }
WHERE {
    VALUES ?thing { source:web }
    ?thing bg:link ?value
}
