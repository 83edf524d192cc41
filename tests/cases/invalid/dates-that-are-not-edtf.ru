#! strategy:2030-2032 bgs:date Violation
#! ms:1-1 bgs:Milestone-date Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (strategy:2030-2032 bg:date "2029-09-01"^^xsd:date)
        (ms:1-1 bg:date "mai 2031"@nb)
    }
    ?thing ?property ?old
}
