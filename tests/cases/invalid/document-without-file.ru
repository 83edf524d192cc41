#! source:report bgs:SourceDocument-file Violation
DELETE { ?thing bg:file ?value }
WHERE {
    VALUES ?thing { source:report }
    ?thing bg:file ?value
}
