DELETE { ?thing dcterms:source ?value }
WHERE {
    VALUES ?thing { agent:library agent:readers unit:rooms unit:librarian law:act law:act-1 }
    ?thing dcterms:source ?value
}
