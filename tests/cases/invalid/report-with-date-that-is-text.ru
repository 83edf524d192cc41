#! report:2031-05-02 bgs:StatusReport-issued Violation
DELETE { report:2031-05-02 dcterms:issued ?value }
INSERT { report:2031-05-02 dcterms:issued "2.5.2031" }
WHERE { report:2031-05-02 dcterms:issued ?value }
