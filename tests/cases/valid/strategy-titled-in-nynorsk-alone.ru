DELETE { strategy:2024-2026 dcterms:title ?value }
INSERT { strategy:2024-2026 dcterms:title "Lesesalar for alle"@nn }
WHERE { strategy:2024-2026 dcterms:title ?value }
