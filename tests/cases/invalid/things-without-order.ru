#! line:rooms bgs:order Violation
#! resp:1-1 bgs:order Violation
#! id:step bgs:order Violation
#! id:level bgs:order Violation
DELETE { ?thing bg:order ?value }
WHERE {
    VALUES ?thing { line:rooms resp:1-1 id:step id:level }
    ?thing bg:order ?value
}
