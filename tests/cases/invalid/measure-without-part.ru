#! m:1 bgs:Measure-inPart Violation
DELETE { ?thing bg:inPart ?value }
WHERE {
    VALUES ?thing { m:1 }
    ?thing bg:inPart ?value
}
