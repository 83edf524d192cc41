#! m:1 bgs:Measure-inPart Violation
#! m:1 bgs:Measure-novelty Violation
#! ms:1-1 bgs:Milestone-tense Violation
#! ms:1-1 bgs:Milestone-inference Violation
#! law:act bgs:confidence Violation
#! law:act-1 bgs:confidence Violation
#! id:layout bgs:LayoutPassage-reason Violation
#! id:defect bgs:SourceDefect-kind Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (m:1 bg:inPart code:part-iii)
        (m:1 bg:novelty code:brand-new)
        (ms:1-1 bg:tense code:hoped-for)
        (ms:1-1 bg:inference code:guess)
        (law:act bg:confidence code:certain)
        (law:act-1 bg:confidence code:certain)
        (id:layout bg:reason code:boredom)
        (id:defect bg:kind code:silly)
    }
    ?thing ?property ?old
}
