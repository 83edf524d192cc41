#! code:closed bgs:Concept-notation Violation
#! unit:rooms bgs:OrganizationalUnit-notation Violation
#! m:ii-01 bgs:Measure-identifier Violation
#! q:1-2 bgs:Quotation-page Violation
#! q:1-2 bgs:Quotation-brokenWord Violation
#! source:report bgs:SourceDocument-file Violation
#! source:report bgs:SourceDocument-sha256 Violation
#! source:web bgs:WebSource-howRead Violation
#! law:act bgs:law-idLocal Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (code:closed skos:notation "closed"@nb)
        (unit:rooms skos:notation "LS"@nb)
        (m:ii-01 dcterms:identifier "ii-01"@nb)
        (q:1-2 bg:page "35"@nb)
        (q:1-2 bg:brokenWord "lesesal"@nb)
        (source:report bg:file "data/sources/report.txt"@nb)
        (source:report bg:sha256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"@nb)
        (source:web bg:howRead "stored page"@nb)
        (law:act eli:id_local "LOV-2029-01-01-1"@nb)
    }
    ?thing ?property ?old
}
