#! award:rom bgs:Award-amountNok Violation
#! award:rom bgs:Award-awardYear Violation
#! m:1 bgs:Measure-number Violation
#! id:statement bgs:Statement-order Violation
#! resp:1-1 bgs:order Violation
#! project:rom bgs:startYear Violation
#! strategy:2030-2032 bgs:endYear Violation
#! q:1-2 bgs:lineStart Violation
#! id:layout bgs:lineEnd Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (award:rom bg:amountNok 1600000.5)
        (award:rom bg:awardYear 2030.5)
        (m:1 bg:number 1.5)
        (id:statement bg:order 1.5)
        (resp:1-1 bg:order 1.5)
        (project:rom bg:startYear 2030.5)
        (strategy:2030-2032 bg:endYear 2032.5)
        (q:1-2 bg:lineStart 1.5)
        (id:layout bg:lineEnd 3.5)
    }
    ?thing ?property ?old
}
