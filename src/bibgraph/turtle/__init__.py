"""RDF files: read with positions, write in one layout, compare in words."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bibgraph.turtle.blanks import name_blank_nodes, owners, without_scope
from bibgraph.turtle.differences import differences
from bibgraph.turtle.layout import canonical
from bibgraph.turtle.reading import SUFFIXES, label_blank_nodes, read_content, read_quads, read_text
from bibgraph.turtle.storing import to_store

if TYPE_CHECKING:
    from bibgraph.turtle.conversion import from_rdflib, to_dataset, to_rdflib

__all__ = [
    "SUFFIXES",
    "canonical",
    "differences",
    "from_rdflib",
    "label_blank_nodes",
    "name_blank_nodes",
    "owners",
    "read_content",
    "read_quads",
    "read_text",
    "to_dataset",
    "to_rdflib",
    "to_store",
    "without_scope",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the module has
    """What needs rdflib is loaded when it is asked for: that takes longer than many a check."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("bibgraph.turtle.conversion"), name)
