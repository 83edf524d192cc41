#! strategy:2030-2032 bgs:startYear-order Warning
#! service:shelf bgs:startYear Violation
#! project:shelves bgs:Project-grantYears Violation
#! round:rooms-2030 bgs:awardYear Violation
#! round:rooms-2030 bgs:GrantRound-totalAmountNok Violation
#! round:rooms-2030 bgs:GrantRound-projectsGranted Violation
#! round:rooms-2030 bgs:GrantRound-applications Violation
#! round:rooms-2030 bgs:GrantRound-appliedAmountNok Violation
#! project:shelves bgs:endYear Violation
#! strategy:2030-2032 bgs:startYear Violation
INSERT DATA {
    strategy:2030-2032 bg:startYear "2 stykker" .
    project:shelves bg:endYear "2 stykker" .
    service:shelf bg:startYear "2 stykker" .
    project:shelves bg:grantYears "2 stykker" .
    round:rooms-2030 bg:awardYear "2 stykker" .
    round:rooms-2030 bg:totalAmountNok "2 stykker" .
    round:rooms-2030 bg:projectsGranted "2 stykker" .
    round:rooms-2030 bg:applications "2 stykker" .
    round:rooms-2030 bg:appliedAmountNok "2 stykker" .
}
