#! strategy:2030-2032 bgs:startYear Violation
#! project:rom bgs:startYear Violation
INSERT DATA {
    strategy:2030-2032 bg:startYear 2029 .
    project:rom bg:startYear 2029 .
}
