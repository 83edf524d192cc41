DELETE { ?thing bg:evidence ?value }
WHERE {
    VALUES ?thing { agent:library agent:readers unit:rooms unit:librarian law:act law:act-1 }
    ?thing bg:evidence ?value
}
