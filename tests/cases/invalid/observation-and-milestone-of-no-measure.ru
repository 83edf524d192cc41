#! obs:1 bgs:StatusObservation-ofMeasure Violation
#! ms:1-1 bgs:Milestone-told Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES (?thing ?property) {
        (obs:1 bg:ofMeasure)
        (ms:1-1 bg:ofMeasure)
    }
    ?thing ?property ?value
}
