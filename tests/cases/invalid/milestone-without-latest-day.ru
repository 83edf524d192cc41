#! ms:1-1 bgs:Milestone-latest Violation
DELETE { ?thing bg:latest ?value }
WHERE {
    VALUES ?thing { ms:1-1 }
    ?thing bg:latest ?value
}
