#! ms:web bgs:Milestone-told Violation
#! ms:web bgs:sourced Violation
DELETE { ms:web dcterms:source ?value }
WHERE { ms:web dcterms:source ?value }
