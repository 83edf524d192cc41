#! award:rom bgs:Award-amount Violation
DELETE { ?thing bg:amountAsStated ?value }
WHERE {
    VALUES ?thing { award:rom }
    ?thing bg:amountAsStated ?value
}
