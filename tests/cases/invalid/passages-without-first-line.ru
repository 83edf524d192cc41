#! q:1-2 bgs:lineStart Violation
#! id:layout bgs:lineStart Violation
DELETE { ?thing bg:lineStart ?value }
WHERE {
    VALUES ?thing { q:1-2 id:layout }
    ?thing bg:lineStart ?value
}
