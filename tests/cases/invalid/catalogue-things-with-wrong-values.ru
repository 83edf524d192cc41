#! id:catalogue bgs:Catalog-dataset Warning
#! id:catalogue bgs:catalogue-modified Warning
#! id:contact bgs:Kind-hasEmail Violation
#! id:data-service bgs:DataService-endpointURL Violation
#! id:dataset bgs:access-rights Violation
#! id:dataset bgs:keyword Warning
#! id:dataset bgs:publisher Violation
#! id:dataset bgs:spatial Warning
#! id:dataset bgs:theme Violation
#! id:distribution bgs:Distribution-accessURL Violation
#! id:distribution bgs:file-type Warning
DELETE { ?thing ?property ?value }
INSERT { ?thing ?property ?wrong }
WHERE {
    VALUES (?thing ?property ?wrong) {
        (id:dataset dcat:theme <https://psi.norge.no/los/tema/bibliotek>)
        (id:dataset dcterms:accessRights "open")
        (id:dataset dcterms:spatial "Norge")
        (id:dataset dcat:keyword "Lesesaal"@de)
        (id:dataset dcterms:publisher "bibgraph")
        (id:catalogue dcterms:modified "2031")
        (id:catalogue dcat:dataset id:distribution)
        (id:data-service dcat:endpointURL "sparql")
        (id:distribution dcterms:format "Turtle")
        (id:distribution dcat:accessURL "/dumps")
        (id:contact <http://www.w3.org/2006/vcard/ns#hasEmail> <https://example.org/>)
    }
    ?thing ?property ?value .
}
