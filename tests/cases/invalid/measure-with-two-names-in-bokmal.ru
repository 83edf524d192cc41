#! m:1 bgs:label Violation
INSERT DATA { m:1 rdfs:label "Lesesaltiltaket"@nb }
