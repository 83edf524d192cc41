#! project:rom bgs:Project-periodAsStated-recommended Info
DELETE { ?thing bg:periodAsStated ?value }
WHERE {
    VALUES ?thing { project:rom }
    ?thing bg:periodAsStated ?value
}
