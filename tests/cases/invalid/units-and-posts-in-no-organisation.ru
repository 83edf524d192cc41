#! unit:rooms bgs:OrganizationalUnit-unitOf Violation
#! unit:librarian bgs:Post-postIn Violation
DELETE { ?thing ?property ?value }
WHERE {
    VALUES (?thing ?property) {
        (unit:rooms org:unitOf)
        (unit:librarian org:postIn)
    }
    ?thing ?property ?value
}
