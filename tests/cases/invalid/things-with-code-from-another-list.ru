#! strategy:2030-2032 bgs:Strategy-kind Violation
#! law:act bgs:law-kind Violation
#! id:statement bgs:Statement-kind Violation
#! m:1 bgs:Measure-inPart Violation
#! line:rooms bgs:MainLine-inScheme Violation
#! id:level bgs:ContributionLevel-inScheme Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (strategy:2030-2032 bg:kind code:act)
        (law:act bg:kind code:library-strategy)
        (id:statement bg:kind code:closed)
        (m:1 bg:inPart code:happened)
        (line:rooms skos:inScheme code:level-scheme)
        (id:level skos:inScheme code:part-scheme)
    }
    ?thing ?property ?old
}
