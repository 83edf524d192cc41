#! m:1 bgs:legalBasis Violation
#! obs:1 bgs:legalBasis Violation
#! agent:library bgs:legalBasis Violation
#! agent:readers bgs:legalBasis Violation
#! id:statement bgs:legalBasis Violation
INSERT DATA {
    m:1 bg:legalBasis service:booking .
    obs:1 bg:legalBasis service:booking .
    agent:library bg:legalBasis service:booking .
    agent:readers bg:legalBasis service:booking .
    id:statement bg:legalBasis service:booking .
}
