#! law:act-1 bgs:LegalResourceSubdivision-number Violation
#! id:statement bgs:Statement-order Violation
#! id:layout bgs:lineEnd Violation
#! id:layout bgs:lineStart-order Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (law:act-1 bg:number 0)
        (id:statement bg:order 0)
        (id:layout bg:lineEnd 0)
    }
    ?thing ?property ?old
}
