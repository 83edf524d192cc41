#! strategy:2030-2032 bgs:Strategy-issuer Violation
#! strategy:2030-2032 bgs:Strategy-extends Violation
#! strategy:2030-2032 bgs:Strategy-followedUpBy Violation
#! line:rooms bgs:MainLine-partOfStrategy Violation
#! m:1 bgs:Measure-mainLine Violation
#! report:2031-05-02 bgs:StatusReport-reportsOn Violation
#! obs:1 bgs:StatusObservation-inReport Violation
#! obs:1 bgs:StatusObservation-responsibility Violation
#! resp:1-1 bgs:Responsibility-unit Violation
#! project:rom bgs:Project-lead Violation
#! project:rom bgs:servesMeasure Violation
#! award:rom bgs:Award-ofProject Violation
#! award:rom bgs:servesMeasure Violation
#! award:rom bgs:Award-fromFund Violation
#! law:regulation bgs:LegalResource-basedOn Violation
#! id:step bgs:Step-stepOf Violation
#! id:statement bgs:Statement-about Violation
#! id:statement bgs:Statement-creator Violation
#! graph:measures bgs:NamedGraph-wasDerivedFrom Violation
#! q:1-2 bgs:Quotation-quotes Violation
#! id:defect bgs:SourceDefect-defectOf Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (strategy:2030-2032 bg:issuer agent:nobody)
        (strategy:2030-2032 bg:extends strategy:1900)
        (strategy:2030-2032 bg:followedUpBy unit:nobody)
        (line:rooms bg:partOfStrategy strategy:1900)
        (m:1 bg:mainLine line:gardens)
        (report:2031-05-02 bg:reportsOn strategy:1900)
        (obs:1 bg:inReport report:1900-01-01)
        (obs:1 bg:responsibility resp:9-9)
        (resp:1-1 bg:unit unit:nobody)
        (project:rom bg:lead agent:nobody)
        (project:rom bg:servesMeasure m:99)
        (award:rom bg:ofProject project:none)
        (award:rom bg:servesMeasure m:99)
        (award:rom bg:fromFund fund:none)
        (law:regulation eli:based_on law:none)
        (id:step bg:stepOf approach:none)
        (id:statement bg:about agent:nobody)
        (id:statement dcterms:creator agent:nobody)
        (graph:measures prov:wasDerivedFrom source:letter)
        (q:1-2 bg:quotes strategy:1900)
        (id:defect bg:defectOf project:none)
    }
    ?thing ?property ?old
}
