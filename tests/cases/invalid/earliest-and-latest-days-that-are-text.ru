#! strategy:2030-2032 bgs:earliest Violation
#! strategy:2030-2032 bgs:latest Violation
#! ms:1-1 bgs:Milestone-earliest Violation
#! ms:1-1 bgs:Milestone-latest Violation
# Text with text can be compared: only what it is, is at fault.
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
    VALUES (?thing ?property ?new) {
        (strategy:2030-2032 bg:earliest "2029-09-01")
        (strategy:2030-2032 bg:latest "2029-09-30")
        (ms:1-1 bg:earliest "2031-05-01")
        (ms:1-1 bg:latest "2031-05-31")
    }
    ?thing ?property ?old
}
