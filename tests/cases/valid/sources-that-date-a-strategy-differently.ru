INSERT DATA {
    strategy:2024-2026 bg:date "2023"^^edtf:EDTF ; bg:latest "2023-12-31"^^xsd:date ; bg:confidence code:medium .
}
