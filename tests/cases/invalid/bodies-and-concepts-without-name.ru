#! agent:library bgs:prefLabel Violation
#! agent:readers bgs:prefLabel Violation
#! unit:rooms bgs:prefLabel Violation
#! unit:librarian bgs:prefLabel Violation
#! line:rooms bgs:prefLabel Violation
#! code:closed bgs:prefLabel Violation
#! line:rooms bgs:Concept-prefLabel-recommended Warning
#! code:closed bgs:Concept-prefLabel-recommended Warning
DELETE { ?thing skos:prefLabel ?value }
WHERE {
    VALUES ?thing { agent:library agent:readers unit:rooms unit:librarian line:rooms code:closed }
    ?thing skos:prefLabel ?value FILTER (lang(?value) = "nb")
}
