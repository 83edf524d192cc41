#! law:act-1 bgs:LegalResourceSubdivision-number Violation
DELETE { law:act-1 bg:number ?value }
INSERT { law:act-1 bg:number "§ 1" }
WHERE { law:act-1 bg:number ?value }
