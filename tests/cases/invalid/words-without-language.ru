#! award:rom bgs:Award-amountAsStated Violation
#! id:level bgs:ContributionLevel-text Violation
#! law:act-1 bgs:LegalResourceSubdivision-text Violation
#! ms:1-1 bgs:Milestone-dateAsStated Violation
#! project:rom bgs:Project-leadAsStated Violation
#! resp:1-1 bgs:Responsibility-asStated Violation
#! id:defect bgs:SourceDefect-asStated Violation
#! id:statement bgs:Statement-text Violation
#! obs:1 bgs:StatusObservation-comment Violation
#! obs:1 bgs:StatusObservation-responsibleAsStated Violation
#! obs:1 bgs:StatusObservation-statusAsStated Violation
#! report:2031-05-02 bgs:StatusReport-dateAsStated Violation
#! strategy:2030-2032 bgs:Strategy-dateAsStated Violation
#! strategy:2030-2032 bgs:goal Violation
#! project:rom bgs:periodAsStated Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (award:rom bg:amountAsStated "1,6 mill. kr")
        (id:level bg:text "Bidra med rom")
        (law:act-1 bg:text "Alle har rett til en lesesal.")
        (ms:1-1 bg:dateAsStated "i mai")
        (project:rom bg:leadAsStated "Biblioteket")
        (resp:1-1 bg:asStated "LS")
        (id:defect bg:asStated "lessal")
        (id:statement bg:text "Biblioteket er et rom.")
        (obs:1 bg:comment "Åpnet i mai.")
        (obs:1 bg:responsibleAsStated "(LS)")
        (obs:1 bg:statusAsStated "Ferdig")
        (report:2031-05-02 bg:dateAsStated "2.5. 2031")
        (strategy:2030-2032 bg:dateAsStated "september 2029")
        (strategy:2030-2032 bg:goal "Alle skal ha en lesesal.")
        (project:rom bg:periodAsStated "2030-2031")
    }
    ?thing ?property ?old
}
