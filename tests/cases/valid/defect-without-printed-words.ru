# What is missing is not printed.
DELETE { ?thing bg:asStated ?value }
WHERE {
    VALUES ?thing { id:defect }
    ?thing bg:asStated ?value
}
