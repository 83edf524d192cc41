DELETE { id:earlier ?property ?value }
WHERE {
    VALUES ?property { bg:kind bg:mainLine bg:responsibleUnit bg:continues skos:editorialNote bg:confidence }
    id:earlier ?property ?value
}
