DELETE { m:1 ?property ?value }
WHERE {
    VALUES ?property { bg:mainLine bg:novelty bg:partner bg:concerns bg:legalBasis bg:link }
    m:1 ?property ?value
}
