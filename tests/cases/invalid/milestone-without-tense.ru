#! ms:1-1 bgs:Milestone-tense Violation
DELETE { ?thing bg:tense ?value }
WHERE {
    VALUES ?thing { ms:1-1 }
    ?thing bg:tense ?value
}
