DELETE DATA { law:act eli:id_local "LOV-2029-01-01-1" }
