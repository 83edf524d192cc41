#! obs:1 bgs:StatusObservation-status-recommended Warning
#! obs:1 bgs:StatusObservation-statusAsStated-recommended Warning
DELETE DATA { obs:1 bg:status code:closed ; bg:statusAsStated "Ferdig"@nb }
