#! m:1 bgs:partner Violation
INSERT DATA { m:1 bg:partner service:booking }
