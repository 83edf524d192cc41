#! project:shelves bgs:sourced Violation
#! award:shelves bgs:sourced Violation
#! fund:shelves bgs:sourced Violation
#! service:shelf bgs:sourced Violation
#! theme:books bgs:sourced Violation
#! agent:county bgs:sourced Violation
#! agent:joint bgs:sourced Violation
#! unit:depot bgs:sourced Violation
#! project:shelves bgs:Project-lead-recommended Warning
#! project:shelves bgs:Project-periodAsStated-recommended Info
#! award:shelves bgs:Award-amount Violation
DELETE { ?thing dcterms:source ?value }
WHERE {
    VALUES ?thing { project:shelves award:shelves fund:shelves service:shelf theme:books agent:county agent:joint unit:depot }
    ?thing dcterms:source ?value
}
