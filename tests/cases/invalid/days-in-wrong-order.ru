#! strategy:2030-2032 bgs:Strategy-earliest-order Violation
#! ms:1-1 bgs:Milestone-earliest-order Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (strategy:2030-2032 bg:latest "2029-08-31"^^xsd:date)
        (ms:1-1 bg:latest "2031-04-30"^^xsd:date)
    }
    ?thing ?property ?old
}
