DELETE DATA { award:rom bg:servesMeasure m:1 }
