#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-versionIRI Violation
DELETE { ?thing owl:versionIRI ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> }
    ?thing owl:versionIRI ?value
}
