DELETE { project:rom bg:endYear 2031 ; bg:period ?period }
INSERT { project:rom bg:period "2030/.."^^edtf:EDTF }
WHERE { project:rom bg:period ?period }
