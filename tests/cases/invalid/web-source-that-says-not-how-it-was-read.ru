#! source:web bgs:WebSource-howRead Violation
DELETE { ?thing bg:howRead ?value }
WHERE {
    VALUES ?thing { source:web }
    ?thing bg:howRead ?value
}
