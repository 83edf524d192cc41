#! strategy:2030-2032 bgs:Strategy-kind Violation
#! law:act bgs:law-kind Violation
#! law:act-1 bgs:law-kind Violation
#! id:statement bgs:Statement-kind Violation
#! id:defect bgs:SourceDefect-kind Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES (?thing ?property) {
        (strategy:2030-2032 bg:kind)
        (law:act bg:kind)
        (law:act-1 bg:kind)
        (id:statement bg:kind)
        (id:defect bg:kind)
    }
    ?thing ?property ?value
}
