#! m:1 bgs:Measure-key Violation
DELETE DATA { m:1 bg:number 1 }
