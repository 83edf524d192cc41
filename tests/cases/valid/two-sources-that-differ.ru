INSERT DATA {
    project:rom dcterms:source source:web ; bg:confidence code:high ;
        bg:lead agent:county ; bg:leadAsStated "Fylket"@nb ;
        bg:startYear 2029 ; bg:endYear 2032 ; bg:period "2029/2032"^^edtf:EDTF .
    round:rooms-2030 bg:projectsGranted 54 .
}
