#! strategy:2030-2032 bgs:Strategy-dateAsStated Violation
#! award:rom bgs:Award-amountAsStated Violation
#! award:rom bgs:Award-awardYear Violation
#! unit:rooms bgs:OrganizationalUnit-notation Violation
#! law:act bgs:law-idLocal Violation
#! law:act-1 bgs:law-idLocal Violation
#! law:act-1 bgs:LegalResourceSubdivision-text Violation
#! source:report bgs:SourceDocument-issued Violation
#! id:defect bgs:SourceDefect-asStated Violation
#! award:rom bgs:Award-amountNok Violation
#! award:rom bgs:Award-fromFund Violation
#! code:closed bgs:Concept-inScheme Violation
#! id:level bgs:ContributionLevel-text Violation
#! id:layout bgs:LayoutPassage-reason Violation
#! law:act-1 bgs:LegalResourceSubdivision-isPartOf Violation
#! m:ii-01 bgs:Measure-identifier Violation
#! m:1 bgs:Measure-inPart Violation
#! m:1 bgs:Measure-mainLine Violation
#! m:1 bgs:Measure-novelty Violation
#! ms:1-1 bgs:Milestone-date Violation
#! ms:1-1 bgs:Milestone-dateAsStated Violation
#! ms:1-1 bgs:Milestone-earliest Violation
#! ms:1-1 bgs:Milestone-latest Violation
#! ms:1-1 bgs:Milestone-inReport Violation
#! ms:1-1 bgs:Milestone-tense Violation
#! obs:1 bgs:StatusObservation-inReport Violation
#! report:2031-05-02 bgs:StatusReport-dateAsStated Violation
#! report:2031-05-02 bgs:StatusReport-issued Violation
#! report:2031-05-02 bgs:StatusReport-reportsOn Violation
#! unit:rooms bgs:OrganizationalUnit-unitOf Violation
#! unit:librarian bgs:Post-postIn Violation
#! q:1-2 bgs:Quotation-page Violation
#! q:1-2 bgs:Quotation-quotes Violation
#! q:1-2 bgs:Quotation-value Violation
#! q:1-2 bgs:wasQuotedFrom Violation
#! q:1-2 bgs:lineStart Violation
#! q:1-2 bgs:lineEnd Violation
#! resp:1-1 bgs:Responsibility-asStated Violation
#! resp:1-1 bgs:Responsibility-inBrackets Violation
#! resp:1-1 bgs:Responsibility-unit Violation
#! resp:1-1 bgs:order Violation
#! id:defect bgs:SourceDefect-kind Violation
#! source:report bgs:SourceDocument-file Violation
#! source:report bgs:SourceDocument-sha256 Violation
#! source:web bgs:WebSource-howRead Violation
#! id:statement bgs:Statement-creator Violation
#! id:statement bgs:Statement-kind Violation
#! id:statement bgs:Statement-order Violation
#! id:statement bgs:Statement-text Violation
#! id:step bgs:Step-stepOf Violation
#! strategy:2030-2032 bgs:Strategy-kind Violation
#! law:act bgs:law-kind Violation
#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-issued Violation
#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-modified Violation
#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-versionIRI Violation
#! <https://w3id.org/bibgraph/ontology> bgs:Ontology-versionInfo Violation
#! <https://w3id.org/bibgraph/ontology> bgs:license Violation
#! id:dataset bgs:license Violation
#! bg:Measure bgs:Term-isDefinedBy Violation
#! code:closed bgs:Concept-notation Violation
INSERT DATA {
    strategy:2030-2032 bg:dateAsStated "høsten 2029"@nb .
    award:rom bg:amountAsStated "1,7 mill. kr"@nb .
    award:rom bg:awardYear 2031 .
    unit:rooms skos:notation "LES" .
    law:act eli:id_local "LOV-2030-01-01-1" .
    law:act-1 eli:id_local "LOV-2030-01-01-1" .
    law:act-1 bg:text "Ingen har rett til en lesesal."@nb .
    source:report dcterms:issued "2031-05-03"^^xsd:date .
    id:defect bg:asStated "leessal"@nb .
    award:rom bg:amountNok 1700000 .
    award:rom bg:fromFund fund:lamps .
    code:closed skos:inScheme code:part-scheme .
    id:level bg:text "Bidra med lys"@nb .
    id:layout bg:reason code:slide-title .
    law:act-1 eli:is_part_of law:regulation .
    m:ii-01 dcterms:identifier "ii-02" .
    m:1 bg:inPart code:part-ii .
    m:1 bg:mainLine line:lamps .
    m:1 bg:novelty code:renewed .
    ms:1-1 bg:date "2031-06"^^edtf:EDTF .
    ms:1-1 bg:dateAsStated "i juni"@nb .
    ms:1-1 bg:earliest "2031-05-02"^^xsd:date .
    ms:1-1 bg:latest "2031-06-30"^^xsd:date .
    ms:1-1 bg:inReport report:2032-05-02 .
    ms:1-1 bg:tense code:promised .
    obs:1 bg:inReport report:2032-05-02 .
    report:2031-05-02 bg:dateAsStated "2. mai"@nb .
    report:2031-05-02 dcterms:issued "2031-05-03"^^xsd:date .
    report:2031-05-02 bg:reportsOn strategy:2027-2029 .
    unit:rooms org:unitOf unit:lamps .
    unit:librarian org:postIn unit:rooms .
    q:1-2 bg:page "37" .
    q:1-2 bg:quotes strategy:2027-2029 .
    q:1-2 prov:value "Alle skal ha en lesesal"@nb .
    q:1-2 prov:wasQuotedFrom source:other .
    q:1-2 bg:lineStart 2 .
    q:1-2 bg:lineEnd 3 .
    resp:1-1 bg:asStated "ls"@nb .
    resp:1-1 bg:inBrackets false .
    resp:1-1 bg:unit unit:librarian .
    resp:1-1 bg:order 2 .
    id:defect bg:kind code:missing .
    source:report bg:file "data/sources/other.txt" .
    source:report bg:sha256 "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b" .
    source:web bg:howRead "read twice" .
    id:statement dcterms:creator agent:readers .
    id:statement bg:kind code:purpose .
    id:statement bg:order 2 .
    id:statement bg:text "Biblioteket er et sted."@nb .
    id:step bg:stepOf approach:lamps .
    strategy:2030-2032 bg:kind code:related-strategy .
    law:act bg:kind code:regulation .
    <https://w3id.org/bibgraph/ontology> dcterms:issued "2020-01-01"^^xsd:date .
    <https://w3id.org/bibgraph/ontology> dcterms:modified "2020-01-01"^^xsd:date .
    <https://w3id.org/bibgraph/ontology> owl:versionIRI <https://w3id.org/bibgraph/ontology/9.9.9> .
    <https://w3id.org/bibgraph/ontology> owl:versionInfo "9.9.9" .
    <https://w3id.org/bibgraph/ontology> dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
    id:dataset dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
    bg:Measure rdfs:isDefinedBy id:other-ontology .
    code:closed skos:notation "ended" .

    # What the second values point to.
    fund:lamps a bg:Fund ; rdfs:label "Lysmidler"@nb ; bg:evidence q:1-2 .
    line:lamps a bg:MainLine ; skos:prefLabel "Lys"@nb , "Lys"@nn , "Light"@en ; skos:inScheme code:main-line-scheme ;
        bg:partOfStrategy strategy:2030-2032 ; bg:order 2 ; bg:evidence q:1-2 .
    code:renewed a skos:Concept ; skos:inScheme code:novelty-scheme ; skos:prefLabel "Fornyet"@nb , "Fornya"@nn , "Renewed"@en .
    code:medium a skos:Concept ; skos:inScheme code:confidence-scheme ; skos:prefLabel "Middels"@nb , "Middels"@nn , "Medium"@en .
    report:2032-05-02 a bg:StatusReport ; dcterms:title "Ny status"@nb ; dcterms:issued "2032-05-02"^^xsd:date ;
        bg:dateAsStated "2. mai 2032"@nb ; bg:reportsOn strategy:2030-2032 ; bg:evidence q:1-2 .
    unit:lamps a org:OrganizationalUnit ; skos:prefLabel "Lamper"@nb ; org:unitOf agent:library ; bg:evidence q:1-2 .
    approach:lamps a bg:Approach ; rdfs:label "Slå på lyset"@nb ; bg:evidence q:1-2 .
    source:other a bg:SourceDocument ; dcterms:title "Annet"@nb ; dcterms:issued "2031-05-02"^^xsd:date ; dcterms:language "nb" ;
        bg:file "data/sources/other.txt" ; bg:sha256 "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b" .
    id:other-ontology a owl:Ontology ; dcterms:title "A"@nb , "A"@nn , "A"@en ; dcterms:description "A"@nb , "A"@nn , "A"@en ;
        dcterms:license <http://publications.europa.eu/resource/authority/licence/CC_BY_4_0> ; dcterms:creator agent:bibgraph ;
        owl:versionInfo "1.0.0" ; owl:versionIRI <https://w3id.org/bibgraph/other/1.0.0> ;
        dcterms:issued "2031-05-02"^^xsd:date ; dcterms:modified "2031-05-02"^^xsd:date .
}
