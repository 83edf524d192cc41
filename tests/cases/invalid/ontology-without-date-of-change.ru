#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-modified Violation
DELETE { ?thing dcterms:modified ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> }
    ?thing dcterms:modified ?value
}
