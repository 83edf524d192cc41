#! strategy:2024-2026 bgs:quotation Violation
#! id:decision bgs:quotation Violation
#! line:spaces bgs:quotation Violation
#! id:earlier bgs:quotation Violation
#! id:lineage bgs:quotation Violation
#! ms:web bgs:quotation Violation
#! id:notice bgs:quotation Violation
INSERT DATA {
    strategy:2024-2026 bg:evidence id:nothing .
    id:decision bg:evidence id:nothing .
    line:spaces bg:evidence id:nothing .
    id:earlier bg:evidence id:nothing .
    id:lineage bg:evidence id:nothing .
    ms:web bg:evidence id:nothing .
    id:notice bg:evidence id:nothing .
}
