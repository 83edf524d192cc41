#! source:report bgs:SourceDocument-sha256 Violation
DELETE { ?thing bg:sha256 ?value }
WHERE {
    VALUES ?thing { source:report }
    ?thing bg:sha256 ?value
}
