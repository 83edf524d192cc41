DELETE DATA { id:statement bg:order 1 }
