#! id:level bgs:ContributionLevel-text Violation
#! id:statement bgs:Statement-text Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES (?thing ?property) {
        (id:level bg:text)
        (id:statement bg:text)
    }
    ?thing ?property ?value
}
