#! strategy:2030-2032 bgs:evidence Violation
#! line:rooms bgs:evidence Violation
#! m:1 bgs:evidence Violation
#! report:2031-05-02 bgs:evidence Violation
#! obs:1 bgs:evidence Violation
#! resp:1-1 bgs:evidence Violation
#! ms:1-1 bgs:evidence Violation
#! project:rom bgs:evidence Violation
#! award:rom bgs:evidence Violation
#! fund:rooms bgs:evidence Violation
#! service:booking bgs:evidence Violation
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
