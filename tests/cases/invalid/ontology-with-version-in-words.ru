#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-versionInfo Violation
DELETE { <https://w3id.org/bibgraph/ontology> owl:versionInfo ?value }
INSERT { <https://w3id.org/bibgraph/ontology> owl:versionInfo "first" }
WHERE { <https://w3id.org/bibgraph/ontology> owl:versionInfo ?value }
