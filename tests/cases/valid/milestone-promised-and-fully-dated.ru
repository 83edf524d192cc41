DELETE { ms:1-1 ?property ?value }
INSERT { ms:1-1 bg:tense code:promised }
WHERE {
    VALUES ?property { bg:tense bg:inference bg:concerns }
    ms:1-1 ?property ?value
}
