#! round:rooms-2030 bgs:GrantRound Violation
#! change:county-2024 bgs:ChangeEvent Violation
#! theme:books bgs:Theme Violation
INSERT DATA {
    round:rooms-2030 bg:number 1 .
    change:county-2024 bg:number 1 .
    theme:books bg:number 1 .
}
