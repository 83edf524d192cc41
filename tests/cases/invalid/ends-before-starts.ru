#! strategy:2030-2032 bgs:startYear-order Warning
#! project:rom bgs:startYear-order Warning
DELETE { ?thing bg:endYear ?value }
INSERT { ?thing bg:endYear 2001 }
WHERE {
    VALUES ?thing { strategy:2030-2032 project:rom }
    ?thing bg:endYear ?value
}
