#! line:rooms bgs:MainLine Violation
INSERT DATA { line:rooms bg:inPart code:part-i }
