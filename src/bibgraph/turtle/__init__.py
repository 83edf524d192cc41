"""RDF files: read with positions, write in one layout, compare in words."""

from bibgraph.turtle.blanks import name_blank_nodes, owners, without_scope
from bibgraph.turtle.conversion import from_rdflib, to_dataset, to_rdflib, to_store
from bibgraph.turtle.differences import differences
from bibgraph.turtle.layout import canonical
from bibgraph.turtle.reading import SUFFIXES, label_blank_nodes, read_quads, read_text

__all__ = [
    "SUFFIXES",
    "canonical",
    "differences",
    "from_rdflib",
    "label_blank_nodes",
    "name_blank_nodes",
    "owners",
    "read_quads",
    "read_text",
    "to_dataset",
    "to_rdflib",
    "to_store",
    "without_scope",
]
