#! q:1-2 bgs:Quotation-value Violation
DELETE { q:1-2 prov:value ?value }
INSERT { q:1-2 prov:value "Alle skal ha en lesesal." }
WHERE { q:1-2 prov:value ?value }
