#! id:statement bgs:Statement-order Violation
#! id:layout bgs:lineEnd Violation
#! id:layout bgs:lineStart-order Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (id:statement bg:order 0)
        (id:layout bg:lineEnd 0)
    }
    ?thing ?property ?old
}
