#! agent:library bgs:altLabel Violation
#! agent:readers bgs:altLabel Violation
#! unit:rooms bgs:altLabel Violation
#! unit:librarian bgs:altLabel Violation
#! law:act bgs:altLabel Violation
#! law:act-1 bgs:altLabel Violation
#! fund:rooms bgs:altLabel Violation
#! service:booking bgs:Service-altLabel Violation
#! id:agreement bgs:altLabel Violation
INSERT DATA {
    agent:library skos:altLabel "biblioteket der nede" .
    agent:readers skos:altLabel "biblioteket der nede" .
    unit:rooms skos:altLabel "biblioteket der nede" .
    unit:librarian skos:altLabel "biblioteket der nede" .
    law:act skos:altLabel "biblioteket der nede" .
    law:act-1 skos:altLabel "biblioteket der nede" .
    fund:rooms skos:altLabel "biblioteket der nede" .
    service:booking skos:altLabel "biblioteket der nede" .
    id:agreement skos:altLabel "biblioteket der nede" .
}
