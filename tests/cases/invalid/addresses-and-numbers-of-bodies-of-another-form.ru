#! agent:county bgs:organisationNumber Violation
#! agent:county bgs:isil Violation
#! unit:depot bgs:isil Violation
#! agent:county bgs:FormalOrganization-sameAs Violation
#! agent:county bgs:FormalOrganization-seeAlso Violation
#! agent:county bgs:homepage Violation
#! agent:county bgs:FormalOrganization-notation Violation
INSERT DATA {
    agent:county bg:organisationNumber "97602910" .
    agent:county bg:isil "NO-30100" .
    unit:depot bg:isil "0183333" .
    agent:county schema:sameAs <https://data.norge.no/organizations/97602910> .
    agent:county rdfs:seeAlso <https://data.brreg.no/976029100> .
    agent:county foaf:homepage "example.org" .
    agent:county skos:notation "FK"@nb .
}
