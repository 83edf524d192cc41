#! project:rom bgs:Project-lead-recommended Warning
DELETE { ?thing bg:lead ?value }
WHERE {
    VALUES ?thing { project:rom }
    ?thing bg:lead ?value
}
