DELETE { ?thing skos:editorialNote ?value }
WHERE {
    VALUES ?thing { source:report }
    ?thing skos:editorialNote ?value
}
