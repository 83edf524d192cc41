#! id:step bgs:Step-stepOf Violation
DELETE { ?thing bg:stepOf ?value }
WHERE {
    VALUES ?thing { id:step }
    ?thing bg:stepOf ?value
}
