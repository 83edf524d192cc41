#! agent:library bgs:altLabel Violation
INSERT DATA { agent:library skos:altLabel "Biblioteket"@nb }
