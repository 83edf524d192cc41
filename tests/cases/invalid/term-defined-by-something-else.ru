#! bg:Measure bgs:Term-isDefinedBy Violation
DELETE { bg:Measure rdfs:isDefinedBy ?value }
INSERT { bg:Measure rdfs:isDefinedBy id:dataset }
WHERE { bg:Measure rdfs:isDefinedBy ?value }
