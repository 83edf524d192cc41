DELETE DATA { resp:1-1 bg:inBrackets true }
