#! report:2031-05-02 bgs:StatusReport-dateAsStated Violation
DELETE { ?thing bg:dateAsStated ?value }
WHERE {
    VALUES ?thing { report:2031-05-02 }
    ?thing bg:dateAsStated ?value
}
