"""The graph described and handed out as a whole: catalogues, dumps, feeds, maps of the site."""
