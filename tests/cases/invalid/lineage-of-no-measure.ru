#! id:lineage bgs:Lineage-ofMeasure Violation
#! id:lineage bgs:Lineage-confidence Violation
#! id:lineage bgs:Lineage-novelty Violation
DELETE { id:lineage ?property ?value }
WHERE {
    VALUES ?property { bg:ofMeasure bg:confidence bg:novelty }
    id:lineage ?property ?value
}
