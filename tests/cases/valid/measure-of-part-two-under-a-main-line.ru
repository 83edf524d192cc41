INSERT DATA { m:ii-01 bg:mainLine line:rooms }
