#! source:web bgs:WebSource-link-one Violation
INSERT DATA { source:web bg:link <https://example.org/annet> }
