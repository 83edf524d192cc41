#! obs:1 bgs:StatusObservation-agreement Violation
#! obs:1 bgs:StatusObservation-statusAsStated-recommended Warning
DELETE { ?thing bg:statusAsStated ?value }
WHERE {
    VALUES ?thing { obs:1 }
    ?thing bg:statusAsStated ?value
}
