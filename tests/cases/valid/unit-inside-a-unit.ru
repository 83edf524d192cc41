INSERT DATA {
    unit:lamps
        a org:OrganizationalUnit ;
        skos:prefLabel "Lamper"@nb ;
        org:unitOf unit:rooms ;
        bg:evidence q:1-2 .
}
