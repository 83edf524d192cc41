#! code:new-status bgs:Concept Violation
INSERT DATA { code:new-status skos:inScheme code:status-scheme ; skos:prefLabel "Utsatt"@nb , "Utsett"@nn , "Postponed"@en }
