#! <https://w3id.org/bibgraph/ontology> bgs:creator Violation
#! id:dataset bgs:creator Violation
DELETE { ?thing dcterms:creator ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> id:dataset }
    ?thing dcterms:creator ?value
}
