#! <https://w3id.org/bibgraph/ontology> bgs:title-each Violation
#! id:dataset bgs:title-each Violation
#! graph:measures bgs:title-each Violation
DELETE { ?thing dcterms:title ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> id:dataset graph:measures }
    ?thing dcterms:title ?value FILTER (lang(?value) = "en")
}
