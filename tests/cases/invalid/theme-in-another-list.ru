#! theme:books bgs:Theme-inScheme Violation
DELETE { theme:books skos:inScheme ?value }
INSERT { theme:books skos:inScheme code:status-scheme }
WHERE { theme:books skos:inScheme ?value }
