#! id:decision bgs:StrategyDecision Violation
#! id:lineage bgs:Lineage Violation
#! id:notice bgs:ReportNotice Violation
#! id:table bgs:SourceTable Violation
INSERT DATA {
    id:decision bg:pages 12 .
    id:lineage bg:pages 12 .
    id:notice bg:pages 12 .
    id:table bg:pages 12 .
}
