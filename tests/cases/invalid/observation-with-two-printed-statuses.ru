#! obs:1 bgs:StatusObservation-statusAsStated Violation
INSERT DATA { obs:1 bg:statusAsStated "Løpende"@nb }
