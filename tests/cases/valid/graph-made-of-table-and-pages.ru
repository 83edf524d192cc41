INSERT DATA { graph:measures prov:wasDerivedFrom source:web , id:table }
