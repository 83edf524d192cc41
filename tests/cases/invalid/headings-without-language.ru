#! strategy:2030-2032 bgs:heading Violation
#! report:2031-05-02 bgs:heading Violation
#! approach:rooms bgs:heading Violation
#! id:step bgs:heading Violation
#! id:level bgs:heading Violation
#! law:act-1 bgs:heading Violation
INSERT DATA {
    strategy:2030-2032 bg:heading "Del II" .
    report:2031-05-02 bg:heading "Del II" .
    approach:rooms bg:heading "Del II" .
    id:step bg:heading "Del II" .
    id:level bg:heading "Del II" .
    law:act-1 bg:heading "Del II" .
}
