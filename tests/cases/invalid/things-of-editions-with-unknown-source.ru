#! strategy:2024-2026 bgs:source Violation
#! id:decision bgs:source Violation
#! line:spaces bgs:source Violation
#! id:earlier bgs:source Violation
#! id:lineage bgs:source Violation
#! ms:web bgs:source Violation
#! id:notice bgs:source Violation
INSERT DATA {
    strategy:2024-2026 dcterms:source id:nothing .
    id:decision dcterms:source id:nothing .
    line:spaces dcterms:source id:nothing .
    id:earlier dcterms:source id:nothing .
    id:lineage dcterms:source id:nothing .
    ms:web dcterms:source id:nothing .
    id:notice dcterms:source id:nothing .
}
