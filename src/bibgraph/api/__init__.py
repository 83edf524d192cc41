"""The graph for researchers in Python: opened, asked, cited; ``import bibgraph`` offers the same names."""

from bibgraph.api.answers import Answer
from bibgraph.api.citing import Citation, Dataset
from bibgraph.api.opening import KnowledgeGraph, open_graph
from bibgraph.api.things import Said, Thing
from bibgraph.api.values import Iri, Text, Value, python_value

__all__ = [
    "Answer",
    "Citation",
    "Dataset",
    "Iri",
    "KnowledgeGraph",
    "Said",
    "Text",
    "Thing",
    "Value",
    "open_graph",
    "python_value",
]
