DELETE { round:rooms-2030 bg:projectsGranted 57 ; bg:kind code:announced-awards }
INSERT { round:rooms-2030 bg:projectsGranted 0 ; bg:kind code:announced-stop }
WHERE {}
