#! ms:1-1 bgs:Milestone-told Violation
DELETE { ?thing bg:dateAsStated ?value }
WHERE {
    VALUES ?thing { ms:1-1 }
    ?thing bg:dateAsStated ?value
}
