INSERT DATA { code:closed skos:hiddenLabel "Fullført"@nb }
