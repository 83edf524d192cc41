# A post may answer as well as a unit, and need not stand in brackets.
INSERT DATA {
    obs:1 bg:responsibility resp:1-2 .
    resp:1-2
        a bg:Responsibility ;
        bg:unit unit:librarian ;
        bg:order 2 ;
        bg:asStated "Bibliotekar"@nb ;
        bg:evidence q:1-2 .
}
