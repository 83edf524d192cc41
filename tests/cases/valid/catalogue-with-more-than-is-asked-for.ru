INSERT DATA {
    id:dataset dcat:theme <http://publications.europa.eu/resource/authority/data-theme/EDUC> ;
        dcat:version "1.0" ;
        dcat:landingPage <https://example.org/> ;
        dcterms:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/IRREG> .
    id:second a dcat:Distribution ;
        dcterms:title "Andre"@nb , "Andre"@nn , "Second"@en ;
        dcterms:description "Den andre."@nb , "Den andre."@nn , "The second."@en ;
        dcterms:license <http://publications.europa.eu/resource/authority/licence/CC_BY_4_0> ;
        dcterms:format <http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE> ;
        <http://data.europa.eu/r5r/availability> <http://publications.europa.eu/resource/authority/planned-availability/STABLE> ;
        <http://www.w3.org/ns/adms#status> <http://publications.europa.eu/resource/authority/distribution-status/COMPLETED> ;
        dcat:accessURL <https://example.org/a> , <https://example.org/b> ;
        dcat:downloadURL <https://example.org/a> .
    id:dataset dcat:distribution id:second
}
