#! q:1-2 bgs:Quotation-page Violation
DELETE { q:1-2 bg:page ?value }
INSERT { q:1-2 bg:page "s. 35" }
WHERE { q:1-2 bg:page ?value }
