DELETE WHERE { obs:1 ?property ?value }
