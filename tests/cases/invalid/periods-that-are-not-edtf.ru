#! strategy:2030-2032 bgs:period Violation
#! project:rom bgs:period Violation
DELETE { ?thing bg:period ?value }
INSERT { ?thing bg:period "2030-2032" }
WHERE {
    VALUES ?thing { strategy:2030-2032 project:rom }
    ?thing bg:period ?value
}
