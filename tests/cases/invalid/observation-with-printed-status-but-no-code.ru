#! obs:1 bgs:StatusObservation-agreement Violation
#! obs:1 bgs:StatusObservation-status-recommended Warning
DELETE { ?thing bg:status ?value }
WHERE {
    VALUES ?thing { obs:1 }
    ?thing bg:status ?value
}
