#! report:2031-05-02 bgs:StatusReport-issued Violation
DELETE { ?thing dcterms:issued ?value }
WHERE {
    VALUES ?thing { report:2031-05-02 }
    ?thing dcterms:issued ?value
}
