"""Documents about things and graphs, with their links, versions and pages."""
