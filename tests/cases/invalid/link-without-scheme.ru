#! m:1 bgs:link Violation
INSERT DATA { m:1 bg:link <ftp://example.org/tiltak> }
