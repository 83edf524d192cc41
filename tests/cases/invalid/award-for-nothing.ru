#! award:rom bgs:Award-use Violation
DELETE DATA { award:rom bg:ofProject project:rom ; bg:servesMeasure m:1 }
