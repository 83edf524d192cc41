"""The graph as others get it: dumps."""
