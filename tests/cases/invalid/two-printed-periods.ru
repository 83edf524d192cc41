#! strategy:2030-2032 bgs:periodAsStated Violation
#! project:rom bgs:periodAsStated Violation
#! award:rom bgs:periodAsStated Violation
INSERT DATA {
    strategy:2030-2032 bg:periodAsStated "2030-2035"@nb .
    project:rom bg:periodAsStated "2030-2035"@nb .
    award:rom bg:periodAsStated "2030-2035"@nb .
}
