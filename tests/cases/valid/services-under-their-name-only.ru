DELETE { ?thing ?property ?value }
WHERE {
    VALUES ?thing { fund:rooms service:booking id:agreement }
    VALUES ?property { skos:altLabel bg:partner bg:concerns bg:link }
    ?thing ?property ?value
}
