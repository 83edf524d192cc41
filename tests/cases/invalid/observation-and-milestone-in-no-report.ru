#! obs:1 bgs:StatusObservation-inReport Violation
#! ms:1-1 bgs:Milestone-told Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES (?thing ?property) {
        (obs:1 bg:inReport)
        (ms:1-1 bg:inReport)
    }
    ?thing ?property ?value
}
