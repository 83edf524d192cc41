#! source:report bgs:SourceDocument-language Violation
INSERT DATA { source:report dcterms:language "norsk" }
