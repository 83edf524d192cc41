"""Search in all texts of the graph."""
