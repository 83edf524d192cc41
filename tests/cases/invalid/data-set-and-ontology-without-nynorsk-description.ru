#! <https://w3id.org/bibgraph/ontology> bgs:description-each Violation
#! id:dataset bgs:description-each Violation
DELETE { ?thing dcterms:description ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> id:dataset }
    ?thing dcterms:description ?value FILTER (lang(?value) = "nn")
}
