#! law:act-1 bgs:LegalResourceSubdivision-isPartOf Violation
DELETE { ?thing eli:is_part_of ?value }
WHERE {
    VALUES ?thing { law:act-1 }
    ?thing eli:is_part_of ?value
}
