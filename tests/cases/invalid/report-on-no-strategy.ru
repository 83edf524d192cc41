#! report:2031-05-02 bgs:StatusReport-reportsOn Violation
DELETE { ?thing bg:reportsOn ?value }
WHERE {
    VALUES ?thing { report:2031-05-02 }
    ?thing bg:reportsOn ?value
}
