"""Descriptions and tables written as RDF."""
