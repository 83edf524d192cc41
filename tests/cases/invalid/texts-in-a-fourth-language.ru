#! id:dataset bgs:title-each Violation
#! id:dataset bgs:description-each Violation
#! id:defect bgs:SourceDefect-note Violation
#! code:status-scheme bgs:ConceptScheme-prefLabel Violation
#! bg:Measure bgs:Definition-definition Violation
#! bg:Measure bgs:Term-label Violation
#! source:report bgs:SourceDocument-editorialNote Violation
#! agent:library bgs:prefLabel Violation
#! project:rom bgs:title Violation
#! project:rom bgs:Project-title-one Violation
INSERT DATA {
    id:dataset dcterms:title "Lesesäle"@de .
    id:dataset dcterms:description "Über Lesesäle."@de .
    id:defect skos:note "Tippfehler."@de .
    code:status-scheme skos:prefLabel "Stand"@de .
    bg:Measure skos:definition "Was zu tun ist."@de .
    bg:Measure rdfs:label "Maßnahme"@de .
    source:report skos:editorialNote "Ohne Verfasser."@de .
    agent:library skos:prefLabel "Bibliothek"@de .
    project:rom dcterms:title "Raum"@de .
}
