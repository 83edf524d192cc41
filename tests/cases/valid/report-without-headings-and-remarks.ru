DELETE { ?report ?property ?value }
WHERE {
    VALUES ?report { report:2031-05-02 }
    VALUES ?property { bg:heading bg:remark }
    ?report ?property ?value
}
