#! q:1-2 bgs:lineStart-order Violation
#! id:layout bgs:lineStart-order Violation
DELETE { ?thing bg:lineStart ?value }
INSERT { ?thing bg:lineStart 4 }
WHERE {
    VALUES ?thing { q:1-2 id:layout }
    ?thing bg:lineStart ?value
}
