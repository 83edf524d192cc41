#! ms:1-1 bgs:Milestone-told Violation
INSERT DATA { ms:1-1 dcterms:source source:web }
