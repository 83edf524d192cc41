#! strategy:2030-2032 bgs:goal Violation
#! project:rom bgs:goal Violation
INSERT DATA {
    strategy:2030-2032 bg:goal "Flere bøker."@nb .
    project:rom bg:goal "Flere bøker."@nb .
}
