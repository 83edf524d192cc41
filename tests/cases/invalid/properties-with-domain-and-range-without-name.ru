#! bg:comment bgs:Term-domain Violation
#! bg:mainLine bgs:Term-range Violation
DELETE { bg:comment rdfs:domain ?domain . bg:mainLine rdfs:range ?range }
INSERT { bg:comment rdfs:domain [] . bg:mainLine rdfs:range [] }
WHERE { bg:comment rdfs:domain ?domain . bg:mainLine rdfs:range ?range }
