#! unit:rooms bgs:OrganizationalUnit-formerName Violation
DELETE { unit:rooms bg:formerName ?value }
INSERT { unit:rooms bg:formerName "SL" }
WHERE { unit:rooms bg:formerName ?value }
