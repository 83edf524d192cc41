#! agent:library bgs:source Violation
#! agent:readers bgs:source Violation
#! unit:rooms bgs:source Violation
#! unit:librarian bgs:source Violation
#! law:act bgs:source Violation
#! law:act-1 bgs:source Violation
DELETE { ?thing dcterms:source ?value }
INSERT { ?thing dcterms:source source:letter }
WHERE {
    VALUES ?thing { agent:library agent:readers unit:rooms unit:librarian law:act law:act-1 }
    ?thing dcterms:source ?value
}
