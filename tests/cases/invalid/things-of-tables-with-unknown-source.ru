#! change:county-2024 bgs:source Violation
#! service:shelf bgs:source Violation
#! project:shelves bgs:source Violation
#! award:shelves bgs:source Violation
#! round:rooms-2030 bgs:source Violation
#! fund:shelves bgs:source Violation
#! theme:books bgs:source Violation
INSERT DATA {
    change:county-2024 dcterms:source agent:library .
    service:shelf dcterms:source agent:library .
    project:shelves dcterms:source agent:library .
    award:shelves dcterms:source agent:library .
    round:rooms-2030 dcterms:source agent:library .
    fund:shelves dcterms:source agent:library .
    theme:books dcterms:source agent:library .
}
