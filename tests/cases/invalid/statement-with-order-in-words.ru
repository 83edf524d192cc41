#! id:statement bgs:Statement-order Violation
DELETE { id:statement bg:order ?value }
INSERT { id:statement bg:order "først" }
WHERE { id:statement bg:order ?value }
