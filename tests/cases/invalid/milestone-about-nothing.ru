#! ms:web bgs:Milestone-subject Violation
DELETE { ms:web bg:concerns ?value }
WHERE { ms:web bg:concerns ?value }
