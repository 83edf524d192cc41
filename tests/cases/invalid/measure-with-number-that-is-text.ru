#! m:1 bgs:Measure-number Violation
DELETE { m:1 bg:number ?value }
INSERT { m:1 bg:number "1." }
WHERE { m:1 bg:number ?value }
