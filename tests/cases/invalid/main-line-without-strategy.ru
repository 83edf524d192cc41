#! line:rooms bgs:MainLine-partOfStrategy Violation
DELETE { ?thing bg:partOfStrategy ?value }
WHERE {
    VALUES ?thing { line:rooms }
    ?thing bg:partOfStrategy ?value
}
