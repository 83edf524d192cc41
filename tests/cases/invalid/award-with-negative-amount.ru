#! award:rom bgs:Award-amountNok Violation
DELETE { award:rom bg:amountNok ?value }
INSERT { award:rom bg:amountNok -1600000 }
WHERE { award:rom bg:amountNok ?value }
