#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-issued Violation
DELETE { ?thing dcterms:issued ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> }
    ?thing dcterms:issued ?value
}
