#! ms:1-1 bgs:Milestone-earliest-order Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (ms:1-1 bg:latest "2031-04-30"^^xsd:date)
    }
    ?thing ?property ?old
}
