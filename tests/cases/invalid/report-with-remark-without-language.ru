#! report:2031-05-02 bgs:StatusReport-remark Violation
INSERT DATA { report:2031-05-02 bg:remark "Trykt i kursiv." }
