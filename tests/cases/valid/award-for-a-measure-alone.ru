DELETE DATA { award:rom bg:ofProject project:rom }
