#! m:1 bgs:Measure-text Violation
DELETE { ?thing bg:text ?value }
WHERE {
    VALUES ?thing { m:1 }
    ?thing bg:text ?value
}
