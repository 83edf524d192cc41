#! strategy:2030-2032 bgs:sourced Violation
#! line:rooms bgs:sourced Violation
#! m:1 bgs:sourced Violation
#! report:2031-05-02 bgs:evidence Violation
#! obs:1 bgs:evidence Violation
#! resp:1-1 bgs:evidence Violation
#! ms:1-1 bgs:sourced Violation
#! ms:1-1 bgs:Milestone-told Violation
#! project:rom bgs:sourced Violation
#! award:rom bgs:sourced Violation
#! fund:rooms bgs:sourced Violation
#! service:booking bgs:sourced Violation
#! id:agreement bgs:evidence Violation
#! approach:rooms bgs:evidence Violation
#! id:step bgs:evidence Violation
#! id:level bgs:evidence Violation
#! id:statement bgs:evidence Violation
#! id:defect bgs:evidence Violation
DELETE { ?thing bg:evidence ?value }
WHERE {
    VALUES ?thing { strategy:2030-2032 line:rooms m:1 report:2031-05-02 obs:1 resp:1-1 ms:1-1 project:rom award:rom fund:rooms service:booking id:agreement approach:rooms id:step id:level id:statement id:defect }
    ?thing bg:evidence ?value
}
