#! obs:1 bgs:StatusObservation-comment-recommended Info
DELETE { ?thing bg:comment ?value }
WHERE {
    VALUES ?thing { obs:1 }
    ?thing bg:comment ?value
}
