#! ms:1-1 bgs:Milestone-date Violation
DELETE { ?thing bg:date ?value }
WHERE {
    VALUES ?thing { ms:1-1 }
    ?thing bg:date ?value
}
