#! strategy:2030-2032 bgs:link Violation
#! m:1 bgs:link Violation
#! obs:1 bgs:link Violation
#! project:rom bgs:link Violation
#! fund:rooms bgs:link Violation
#! service:booking bgs:link Violation
#! id:agreement bgs:link Violation
#! source:web bgs:link Violation
DELETE { ?thing bg:link ?value }
INSERT { ?thing bg:link "https://example.org/" }
WHERE {
    VALUES ?thing { strategy:2030-2032 m:1 obs:1 project:rom fund:rooms service:booking id:agreement source:web }
    ?thing bg:link ?value
}
