#! m:1 bgs:Measure-partOfStrategy Violation
DELETE { ?thing bg:partOfStrategy ?value }
WHERE {
    VALUES ?thing { m:1 }
    ?thing bg:partOfStrategy ?value
}
