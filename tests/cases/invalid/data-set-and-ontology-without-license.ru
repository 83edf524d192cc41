#! <https://w3id.org/bibgraph/ontology> bgs:license Violation
#! id:dataset bgs:license Violation
DELETE { ?thing dcterms:license ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> id:dataset }
    ?thing dcterms:license ?value
}
