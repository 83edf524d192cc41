DELETE { law:act-1 ?property ?value }
WHERE {
    VALUES ?property { bg:text eli:id_local }
    law:act-1 ?property ?value
}
