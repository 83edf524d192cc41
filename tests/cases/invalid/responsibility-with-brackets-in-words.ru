#! resp:1-1 bgs:Responsibility-inBrackets Violation
DELETE { resp:1-1 bg:inBrackets ?value }
INSERT { resp:1-1 bg:inBrackets "ja" }
WHERE { resp:1-1 bg:inBrackets ?value }
