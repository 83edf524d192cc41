"""Norway's library policy as one linked-data knowledge graph."""

__version__ = "0.1.0"
