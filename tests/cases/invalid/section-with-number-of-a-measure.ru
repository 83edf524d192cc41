#! law:act-1 bgs:LegalResourceSubdivision Violation
# The number of a section stands in its heading; bg:number would make the section a measure by inference.
INSERT DATA { law:act-1 bg:number 1 }
