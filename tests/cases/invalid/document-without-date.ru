#! source:report bgs:SourceDocument-issued-recommended Info
DELETE { ?thing dcterms:issued ?value }
WHERE {
    VALUES ?thing { source:report }
    ?thing dcterms:issued ?value
}
