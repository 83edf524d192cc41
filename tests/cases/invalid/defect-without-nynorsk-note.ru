#! id:defect bgs:SourceDefect-note Violation
DELETE { ?thing skos:note ?value }
WHERE {
    VALUES ?thing { id:defect }
    ?thing skos:note ?value FILTER (lang(?value) = "nn")
}
