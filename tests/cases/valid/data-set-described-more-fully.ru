INSERT DATA { id:dataset dcat:keyword "bibliotek"@nb ; dcterms:source source:report }
