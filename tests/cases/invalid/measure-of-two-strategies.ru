#! m:1 bgs:Measure-partOfStrategy Violation
INSERT DATA { m:1 bg:partOfStrategy strategy:2027-2029 }
