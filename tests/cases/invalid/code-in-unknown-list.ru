#! code:ongoing bgs:Concept-inScheme Violation
DELETE { code:ongoing skos:inScheme ?value }
INSERT { code:ongoing skos:inScheme code:statuses }
WHERE { code:ongoing skos:inScheme ?value }
