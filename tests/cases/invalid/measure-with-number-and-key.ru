#! m:1 bgs:Measure-key Violation
INSERT DATA { m:1 dcterms:identifier "ii-02" }
