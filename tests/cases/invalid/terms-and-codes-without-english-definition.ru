#! bg:Measure bgs:Definition-definition Violation
#! bg:comment bgs:Definition-definition Violation
#! code:closed bgs:Definition-definition Violation
#! code:status-scheme bgs:Definition-definition Violation
DELETE { ?thing skos:definition ?value }
WHERE {
    VALUES ?thing { bg:Measure bg:comment code:closed code:status-scheme }
    ?thing skos:definition ?value FILTER (lang(?value) = "en")
}
