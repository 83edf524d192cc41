#! bg:comment bgs:Term-example Violation
DELETE { ?thing skos:example ?value }
WHERE {
    VALUES ?thing { bg:comment }
    ?thing skos:example ?value
}
