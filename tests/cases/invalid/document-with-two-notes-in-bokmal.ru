#! source:report bgs:SourceDocument-editorialNote Violation
INSERT DATA { source:report skos:editorialNote "Uten sidetall."@nb }
