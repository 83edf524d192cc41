#! m:1 bgs:Measure-text Violation
DELETE { m:1 bg:text ?value }
INSERT { m:1 bg:text "The library will build more reading rooms."@en }
WHERE { m:1 bg:text ?value }
