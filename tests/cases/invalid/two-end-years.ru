#! strategy:2030-2032 bgs:endYear Violation
#! project:rom bgs:endYear Violation
INSERT DATA {
    strategy:2030-2032 bg:endYear 2035 .
    project:rom bg:endYear 2035 .
}
