#! m:1 bgs:concerns Violation
#! obs:1 bgs:concerns Violation
#! ms:1-1 bgs:concerns Violation
#! project:rom bgs:concerns Violation
#! award:rom bgs:concerns Violation
#! fund:rooms bgs:concerns Violation
#! service:booking bgs:concerns Violation
#! id:agreement bgs:concerns Violation
#! approach:rooms bgs:concerns Violation
INSERT DATA {
    m:1 bg:concerns service:nothing .
    obs:1 bg:concerns service:nothing .
    ms:1-1 bg:concerns service:nothing .
    project:rom bg:concerns service:nothing .
    award:rom bg:concerns service:nothing .
    fund:rooms bg:concerns service:nothing .
    service:booking bg:concerns service:nothing .
    id:agreement bg:concerns service:nothing .
    approach:rooms bg:concerns service:nothing .
}
