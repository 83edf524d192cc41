DELETE { ?thing bg:page ?value }
WHERE {
    VALUES ?thing { q:1-2 }
    ?thing bg:page ?value
}
