#! m:ii-01 bgs:Measure-identifier Violation
DELETE { m:ii-01 dcterms:identifier ?value }
INSERT { m:ii-01 dcterms:identifier "II-1" }
WHERE { m:ii-01 dcterms:identifier ?value }
