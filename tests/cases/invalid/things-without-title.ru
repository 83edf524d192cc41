#! strategy:2030-2032 bgs:title Violation
#! report:2031-05-02 bgs:title Violation
#! project:rom bgs:title Violation
#! source:report bgs:title Violation
#! source:web bgs:title Violation
#! law:act bgs:title Violation
#! law:act-1 bgs:title Violation
DELETE { ?thing dcterms:title ?value }
WHERE {
    VALUES ?thing { strategy:2030-2032 report:2031-05-02 project:rom source:report source:web law:act law:act-1 }
    ?thing dcterms:title ?value
}
