#! q:1-2 bgs:wasQuotedFrom Violation
#! id:layout bgs:wasQuotedFrom Violation
DELETE { ?thing prov:wasQuotedFrom ?value }
INSERT { ?thing prov:wasQuotedFrom source:web }
WHERE {
    VALUES ?thing { q:1-2 id:layout }
    ?thing prov:wasQuotedFrom ?value
}
