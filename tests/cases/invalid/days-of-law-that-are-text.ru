#! law:amending bgs:law-inForceFrom Violation
#! law:amending bgs:law-noLongerInForceFrom Violation
#! law:act-2 bgs:law-inForceFrom Violation
#! law:act-2 bgs:law-noLongerInForceFrom Violation
DELETE { ?law ?property ?value }
INSERT { ?law ?property "2031" }
WHERE {
    VALUES ?law { law:amending law:act-2 }
    VALUES ?property { eli:first_date_entry_in_force eli:date_no_longer_in_force }
    ?law ?property ?value
}
