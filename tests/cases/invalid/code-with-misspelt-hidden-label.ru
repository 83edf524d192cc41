#! code:closed bgs:Definition Violation
INSERT DATA { code:closed skos:hiddenLable "Ferdig"@nb }
