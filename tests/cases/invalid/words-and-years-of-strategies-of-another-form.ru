#! strategy:2030-2032 bgs:periodAsStated Violation
#! strategy:2030-2032 bgs:startYear Violation
#! strategy:2030-2032 bgs:endYear Violation
#! strategy:2030-2032 bgs:startYear-order Warning
#! graph:measures bgs:NamedGraph-wasDerivedFrom Violation
INSERT DATA {
    strategy:2030-2032 bg:periodAsStated "2030-2035" .
    strategy:2030-2032 bg:startYear "2030" .
    strategy:2030-2032 bg:endYear "2032" .
    graph:measures prov:wasDerivedFrom m:1 .
}
