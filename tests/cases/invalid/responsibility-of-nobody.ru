#! resp:1-1 bgs:Responsibility-unit Violation
DELETE { ?thing bg:unit ?value }
WHERE {
    VALUES ?thing { resp:1-1 }
    ?thing bg:unit ?value
}
