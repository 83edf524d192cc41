#! project:rom bgs:Project-title-one Violation
INSERT DATA { project:rom dcterms:title "Rooms for all"@en }
