#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-versionInfo Violation
DELETE { ?thing owl:versionInfo ?value }
WHERE {
    VALUES ?thing { <https://w3id.org/bibgraph/ontology> }
    ?thing owl:versionInfo ?value
}
