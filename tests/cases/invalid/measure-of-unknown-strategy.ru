#! m:1 bgs:Measure-partOfStrategy Violation
DELETE { m:1 bg:partOfStrategy ?value }
INSERT { m:1 bg:partOfStrategy strategy:1900 }
WHERE { m:1 bg:partOfStrategy ?value }
