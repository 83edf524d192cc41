#! law:act-2 bgs:law-number Violation
DELETE { ?law eli:number ?value }
INSERT { ?law eli:number "2" }
WHERE {
    VALUES ?law { law:act-2 }
    ?law eli:number ?value
}
