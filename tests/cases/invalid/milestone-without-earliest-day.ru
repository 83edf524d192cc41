#! ms:1-1 bgs:Milestone-earliest Violation
DELETE { ?thing bg:earliest ?value }
WHERE {
    VALUES ?thing { ms:1-1 }
    ?thing bg:earliest ?value
}
