#! resp:1-1 bgs:Responsibility-unit Violation
#! unit:rooms bgs:OrganizationalUnit-unitOf Violation
#! unit:librarian bgs:Post-postIn Violation
#! m:1 bgs:Measure-mainLine Violation
#! obs:1 bgs:StatusObservation-ofMeasure Violation
#! project:rom bgs:Project-lead Violation
#! law:act-1 bgs:LegalResourceSubdivision-isPartOf Violation
#! ms:1-1 bgs:Milestone-ofMeasure Violation
#! ms:1-1 bgs:Milestone-inReport Violation
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (resp:1-1 bg:unit service:booking)
        (unit:rooms org:unitOf service:booking)
        (unit:librarian org:postIn service:booking)
        (m:1 bg:mainLine m:1)
        (obs:1 bg:ofMeasure line:rooms)
        (project:rom bg:lead service:booking)
        (law:act-1 eli:is_part_of m:1)
        (ms:1-1 bg:ofMeasure project:rom)
        (ms:1-1 bg:inReport source:report)
    }
    ?thing ?property ?old
}
