#! id:decision bgs:link Violation
#! id:notice bgs:link Violation
#! law:amending bgs:link Violation
#! law:act-2 bgs:link Violation
#! law:amending bgs:constructedAddress Violation
#! law:act-2 bgs:constructedAddress Violation
INSERT DATA {
    id:decision bg:link <urn:nowhere> .
    id:notice bg:link <urn:nowhere> .
    law:amending bg:link <urn:nowhere> .
    law:act-2 bg:link <urn:nowhere> .
    law:amending bg:constructedAddress "lovdata.no" .
    law:act-2 bg:constructedAddress "lovdata.no" .
}
