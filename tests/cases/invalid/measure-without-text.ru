#! m:1 bgs:Measure-worded Violation
DELETE { ?thing bg:text ?value }
WHERE {
    VALUES ?thing { m:1 }
    ?thing bg:text ?value
}
