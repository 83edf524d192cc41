#! agent:county bgs:formerName Violation
#! agent:county bgs:editorialNote Violation
#! agent:joint bgs:editorialNote Violation
#! unit:depot bgs:editorialNote Violation
#! service:shelf bgs:Service-altLabel Violation
#! service:shelf bgs:formerName Violation
#! service:shelf bgs:ownWords Violation
#! service:shelf bgs:Service-identifierNote Violation
#! service:shelf bgs:Service-rights Violation
#! service:shelf bgs:Service-startAsStated Violation
#! service:shelf bgs:editorialNote Violation
#! project:shelves bgs:Project-partnerAsStated Violation
#! project:shelves bgs:Project-placeAsStated Violation
#! project:shelves bgs:Project-categoryAsStated Violation
#! project:shelves bgs:ownWords Violation
#! project:shelves bgs:editorialNote Violation
#! award:shelves bgs:programmeAsStated Violation
#! round:rooms-2030 bgs:programmeAsStated Violation
#! round:rooms-2030 bgs:editorialNote Violation
#! project:shelves bgs:goal Violation
#! award:shelves bgs:periodAsStated Violation
#! strategy:2030-2032 bgs:periodAsStated Violation
INSERT DATA {
    strategy:2030-2032 bg:periodAsStated "uten språk" .
    award:shelves bg:periodAsStated "uten språk" .
    project:shelves bg:goal "uten språk" .
    agent:county bg:formerName "uten språk" .
    agent:county skos:editorialNote "uten språk" .
    agent:joint skos:editorialNote "uten språk" .
    unit:depot skos:editorialNote "uten språk" .
    service:shelf skos:altLabel "uten språk" .
    service:shelf bg:formerName "uten språk" .
    service:shelf bg:ownWords "uten språk" .
    service:shelf bg:identifierNote "uten språk" .
    service:shelf dcterms:rights "uten språk" .
    service:shelf bg:startAsStated "uten språk" .
    service:shelf skos:editorialNote "uten språk" .
    project:shelves bg:partnerAsStated "uten språk" .
    project:shelves bg:placeAsStated "uten språk" .
    project:shelves bg:categoryAsStated "uten språk" .
    project:shelves bg:ownWords "uten språk" .
    project:shelves skos:editorialNote "uten språk" .
    award:shelves bg:programmeAsStated "uten språk" .
    round:rooms-2030 bg:programmeAsStated "uten språk" .
    round:rooms-2030 skos:editorialNote "uten språk" .
}
