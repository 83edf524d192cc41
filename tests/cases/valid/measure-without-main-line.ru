DELETE DATA { m:1 bg:mainLine line:rooms }
