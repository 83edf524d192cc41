#! agent:library bgs:sourced Violation
#! agent:readers bgs:sourced Violation
#! unit:rooms bgs:sourced Violation
#! unit:librarian bgs:sourced Violation
#! law:act bgs:sourced Violation
#! law:act-1 bgs:sourced Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES ?thing { agent:library agent:readers unit:rooms unit:librarian law:act law:act-1 }
    VALUES ?property { bg:evidence dcterms:source }
    ?thing ?property ?value
}
