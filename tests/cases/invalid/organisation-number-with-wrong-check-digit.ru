#! agent:county bgs:organisationNumber-check-digit Violation
#! agent:library bgs:organisationNumber-check-digit Violation
DELETE { ?thing bg:organisationNumber ?value }
INSERT {
    agent:county bg:organisationNumber "976029101" .
    agent:library bg:organisationNumber "976020910" .
}
WHERE {
    VALUES ?thing { agent:county agent:library }
    OPTIONAL { ?thing bg:organisationNumber ?value }
}
