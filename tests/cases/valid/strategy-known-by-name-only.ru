DELETE { ?strategy ?property ?value }
WHERE {
    VALUES ?strategy { strategy:2030-2032 }
    ?strategy ?property ?value
    FILTER (?property NOT IN (rdf:type, dcterms:title, bg:kind, bg:evidence))
}
