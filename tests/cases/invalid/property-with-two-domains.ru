#! bg:comment bgs:Term-domain Violation
INSERT DATA { bg:comment rdfs:domain bg:Measure }
