#! service:shelf bgs:homepage Violation
#! service:shelf bgs:Service-endpointURL Violation
#! service:shelf bgs:Service-license Violation
#! service:shelf bgs:Service-standardAsStated Violation
INSERT DATA {
    service:shelf foaf:homepage "example.org" .
    service:shelf dcat:endpointURL <urn:oai> .
    service:shelf dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
    service:shelf bg:standardAsStated "OAI"@nb .
}
