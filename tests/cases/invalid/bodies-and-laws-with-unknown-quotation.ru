#! agent:library bgs:quotation Violation
#! agent:readers bgs:quotation Violation
#! unit:rooms bgs:quotation Violation
#! unit:librarian bgs:quotation Violation
#! law:act bgs:quotation Violation
#! law:act-1 bgs:quotation Violation
DELETE { ?thing bg:evidence ?value }
INSERT { ?thing bg:evidence q:9-9 }
WHERE {
    VALUES ?thing { agent:library agent:readers unit:rooms unit:librarian law:act law:act-1 }
    ?thing bg:evidence ?value
}
