#! m:1 bgs:label Violation
#! ms:1-1 bgs:label Violation
#! award:rom bgs:label Violation
#! fund:rooms bgs:label Violation
#! service:booking bgs:label Violation
#! id:agreement bgs:label Violation
#! approach:rooms bgs:label Violation
#! id:step bgs:label Violation
#! m:1 bgs:Measure-label-recommended Warning
DELETE { ?thing rdfs:label ?value }
WHERE {
    VALUES ?thing { m:1 ms:1-1 award:rom fund:rooms service:booking id:agreement approach:rooms id:step }
    ?thing rdfs:label ?value FILTER (lang(?value) = "nb")
}
