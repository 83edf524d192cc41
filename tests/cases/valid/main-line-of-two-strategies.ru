INSERT DATA { line:rooms bg:partOfStrategy strategy:2027-2029 }
