#! m:1 bgs:Measure-label-recommended Warning
DELETE { ?thing rdfs:label ?value }
WHERE {
    VALUES ?thing { m:1 }
    ?thing rdfs:label ?value FILTER (lang(?value) = "en")
}
