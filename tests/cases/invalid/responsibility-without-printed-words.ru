#! resp:1-1 bgs:Responsibility-asStated Violation
DELETE { ?thing bg:asStated ?value }
WHERE {
    VALUES ?thing { resp:1-1 }
    ?thing bg:asStated ?value
}
