# «Midler» without a figure is an award all the same.
DELETE DATA { award:rom bg:amountNok 1600000 }
