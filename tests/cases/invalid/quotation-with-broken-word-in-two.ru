#! q:1-2 bgs:Quotation-brokenWord Violation
DELETE { q:1-2 bg:brokenWord ?value }
INSERT { q:1-2 bg:brokenWord "lese sal" }
WHERE { q:1-2 bg:brokenWord ?value }
