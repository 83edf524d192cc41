#! id:decision bgs:title Violation
#! id:notice bgs:title Violation
#! id:table bgs:title-each Violation
DELETE { ?thing dcterms:title ?value }
WHERE {
    VALUES ?thing { id:decision id:notice id:table }
    ?thing dcterms:title ?value
}
