#! award:rom bgs:asStated Violation
#! approach:rooms bgs:asStated Violation
#! id:step bgs:asStated Violation
INSERT DATA {
    award:rom bg:asStated "Trykt" .
    approach:rooms bg:asStated "Trykt" .
    id:step bg:asStated "Trykt" .
}
