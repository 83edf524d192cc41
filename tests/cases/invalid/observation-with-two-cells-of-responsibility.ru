#! obs:1 bgs:StatusObservation-responsibleAsStated Violation
INSERT DATA { obs:1 bg:responsibleAsStated "LS, TK"@nb }
