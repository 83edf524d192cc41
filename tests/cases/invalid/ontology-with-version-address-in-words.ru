#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-versionIRI Violation
DELETE { <https://w3id.org/bibgraph/ontology> owl:versionIRI ?value }
INSERT { <https://w3id.org/bibgraph/ontology> owl:versionIRI "https://w3id.org/bibgraph/ontology/0.1.0" }
WHERE { <https://w3id.org/bibgraph/ontology> owl:versionIRI ?value }
