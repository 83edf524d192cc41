#! q:1-2 bgs:lineEnd Violation
#! id:layout bgs:lineEnd Violation
DELETE { ?thing bg:lineEnd ?value }
WHERE {
    VALUES ?thing { q:1-2 id:layout }
    ?thing bg:lineEnd ?value
}
