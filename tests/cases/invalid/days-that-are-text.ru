#! source:report bgs:SourceDocument-issued Violation
#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-issued Violation
#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-modified Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (source:report dcterms:issued "2031-05-02")
        (<https://w3id.org/bibgraph/ontology> dcterms:issued "2026-11-22")
        (<https://w3id.org/bibgraph/ontology> dcterms:modified "2026-11-22")
    }
    ?thing ?property ?old
}
