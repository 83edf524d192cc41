DELETE { ?thing ?property ?value }
WHERE {
    VALUES (?thing ?property) {
        (service:shelf bg:standardAsStated) (service:shelf dcterms:conformsTo) (service:shelf bg:startYear)
        (project:shelves bg:grantYears) (project:shelves bg:theme) (project:shelves bg:county)
        (award:shelves bg:amountNok) (award:shelves bg:amountCovers) (award:shelves bg:inRound)
        (round:rooms-2030 bg:totalAmountNok) (round:rooms-2030 bg:date) (change:county-2024 bg:date)
        (agent:county bg:organisationNumber) (agent:county bg:isil)
    }
    ?thing ?property ?value
}
