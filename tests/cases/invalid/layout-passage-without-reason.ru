#! id:layout bgs:LayoutPassage-reason Violation
DELETE { ?thing bg:reason ?value }
WHERE {
    VALUES ?thing { id:layout }
    ?thing bg:reason ?value
}
