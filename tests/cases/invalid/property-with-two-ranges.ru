#! bg:mainLine bgs:Term-range Violation
INSERT DATA { bg:mainLine rdfs:range bg:Strategy }
