# Check digits of three kinds: 3, 2 and, in the base, 0.
DELETE { agent:county bg:organisationNumber ?value }
INSERT {
    agent:county bg:organisationNumber "910568183" .
    agent:library bg:organisationNumber "971527412" .
}
WHERE { agent:county bg:organisationNumber ?value }
