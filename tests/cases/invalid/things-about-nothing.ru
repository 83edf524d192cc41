#! id:defect bgs:SourceDefect-defectOf Violation
#! id:statement bgs:Statement-about Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES (?thing ?property) {
        (id:defect bg:defectOf)
        (id:statement bg:about)
    }
    ?thing ?property ?value
}
