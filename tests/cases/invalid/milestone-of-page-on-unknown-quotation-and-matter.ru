#! ms:web bgs:concerns Violation
INSERT DATA { ms:web bg:concerns id:nothing }
