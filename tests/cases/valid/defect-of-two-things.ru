INSERT DATA { id:defect bg:defectOf m:1 }
