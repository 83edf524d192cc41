#! source:report bgs:SourceDocument-language Violation
DELETE { ?thing dcterms:language ?value }
WHERE {
    VALUES ?thing { source:report }
    ?thing dcterms:language ?value
}
