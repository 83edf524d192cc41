DELETE { award:rom ?property ?value }
WHERE {
    VALUES ?property { bg:amountNok bg:amountAsStated }
    award:rom ?property ?value
}
