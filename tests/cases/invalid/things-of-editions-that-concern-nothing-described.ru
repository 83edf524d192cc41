#! id:decision bgs:concerns Violation
#! id:lineage bgs:concerns Violation
#! law:amending bgs:concerns Violation
#! law:act-2 bgs:concerns Violation
INSERT DATA {
    id:decision bg:concerns id:nothing .
    id:lineage bg:concerns id:nothing .
    law:amending bg:concerns id:nothing .
    law:act-2 bg:concerns id:nothing .
}
