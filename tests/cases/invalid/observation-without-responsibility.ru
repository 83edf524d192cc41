#! obs:1 bgs:StatusObservation-responsibility-recommended Warning
DELETE { ?thing bg:responsibility ?value }
WHERE {
    VALUES ?thing { obs:1 }
    ?thing bg:responsibility ?value
}
