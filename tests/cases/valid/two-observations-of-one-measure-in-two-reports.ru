INSERT DATA {
    report:2032-05-02
        a bg:StatusReport ;
        dcterms:title "Ny status for lesesalene"@nb ;
        dcterms:issued "2032-05-02"^^xsd:date ;
        bg:dateAsStated "2. mai 2032"@nb ;
        bg:reportsOn strategy:2030-2032 ;
        bg:evidence q:1-2 .

    id:later-status
        a bg:StatusObservation ;
        bg:ofMeasure m:1 ;
        bg:inReport report:2032-05-02 ;
        bg:statusAsStated "Løpende"@nb ;
        bg:status code:ongoing ;
        bg:responsibility resp:1-1 ;
        bg:comment "Åpnet igjen."@nb ;
        bg:evidence q:1-2 .
}
