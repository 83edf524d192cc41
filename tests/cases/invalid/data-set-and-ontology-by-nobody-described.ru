#! <https://w3id.org/bibgraph/ontology> bgs:creator Violation
#! id:dataset bgs:creator Violation
DELETE { ?thing dcterms:creator ?value }
INSERT { ?thing dcterms:creator agent:nobody }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> id:dataset }
    ?thing dcterms:creator ?value
}
