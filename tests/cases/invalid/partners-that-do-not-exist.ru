#! strategy:2030-2032 bgs:partner Violation
#! m:1 bgs:partner Violation
#! obs:1 bgs:partner Violation
#! project:rom bgs:partner Violation
#! fund:rooms bgs:partner Violation
#! service:booking bgs:partner Violation
#! id:agreement bgs:partner Violation
INSERT DATA {
    strategy:2030-2032 bg:partner agent:nobody .
    m:1 bg:partner agent:nobody .
    obs:1 bg:partner agent:nobody .
    project:rom bg:partner agent:nobody .
    fund:rooms bg:partner agent:nobody .
    service:booking bg:partner agent:nobody .
    id:agreement bg:partner agent:nobody .
}
