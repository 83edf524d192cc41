#! id:dataset bgs:title-each Violation
#! id:dataset bgs:description-each Violation
#! id:defect bgs:SourceDefect-note Violation
#! code:status-scheme bgs:ConceptScheme-prefLabel Violation
#! bg:Measure bgs:Definition-definition Violation
#! bg:Measure bgs:Term-label Violation
#! agent:library bgs:prefLabel Violation
#! strategy:2030-2032 bgs:title Violation
INSERT DATA {
    id:dataset dcterms:title "Lesesaler og mer"@nb .
    id:dataset dcterms:description "Om rom."@nb .
    id:defect skos:note "Skrevet feil."@nb .
    code:status-scheme skos:prefLabel "Koder for status"@nb .
    bg:Measure skos:definition "Noe som skal gjøres."@nb .
    bg:Measure rdfs:label "Gjøremål"@nb .
    agent:library skos:prefLabel "Bokhuset"@nb .
    strategy:2030-2032 dcterms:title "Enda flere lesesaler"@nb .
}
