#! change:county-2024 bgs:quotation Violation
#! service:shelf bgs:quotation Violation
#! project:shelves bgs:quotation Violation
#! award:shelves bgs:quotation Violation
#! round:rooms-2030 bgs:quotation Violation
#! fund:shelves bgs:quotation Violation
INSERT DATA {
    change:county-2024 bg:evidence agent:library .
    service:shelf bg:evidence agent:library .
    project:shelves bg:evidence agent:library .
    award:shelves bg:evidence agent:library .
    round:rooms-2030 bg:evidence agent:library .
    fund:shelves bg:evidence agent:library .
}
