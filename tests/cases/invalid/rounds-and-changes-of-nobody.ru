#! round:rooms-2030 bgs:GrantRound-grantor Violation
#! change:county-2024 bgs:ChangeEvent-original Violation
#! change:county-2024 bgs:ChangeEvent-resulting Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES ?property { bg:grantor org:originalOrganization org:resultingOrganization }
    ?thing ?property ?value
}
