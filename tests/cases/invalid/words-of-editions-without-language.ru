#! strategy:2024-2026 bgs:alternative Violation
#! law:amending bgs:alternative Violation
#! law:act-2 bgs:alternative Violation
#! strategy:2024-2026 bgs:editorialNote Violation
#! id:decision bgs:editorialNote Violation
#! id:earlier bgs:editorialNote Violation
#! id:lineage bgs:editorialNote Violation
#! ms:web bgs:editorialNote Violation
#! id:notice bgs:editorialNote Violation
#! law:amending bgs:editorialNote Violation
#! law:act-2 bgs:editorialNote Violation
#! law:amending bgs:ownWords Violation
#! law:act-2 bgs:ownWords Violation
INSERT DATA {
    strategy:2024-2026 dcterms:alternative "Uten språk" .
    law:amending dcterms:alternative "Uten språk" .
    law:act-2 dcterms:alternative "Uten språk" .
    strategy:2024-2026 skos:editorialNote "No language" .
    id:decision skos:editorialNote "No language" .
    id:earlier skos:editorialNote "No language" .
    id:lineage skos:editorialNote "No language" .
    ms:web skos:editorialNote "No language" .
    id:notice skos:editorialNote "No language" .
    law:amending skos:editorialNote "No language" .
    law:act-2 skos:editorialNote "No language" .
    law:amending bg:ownWords "Uten språk" .
    law:act-2 bg:ownWords "Uten språk" .
}
