#! m:1 bgs:Measure-number Violation
INSERT DATA { m:1 bg:number 2 }
