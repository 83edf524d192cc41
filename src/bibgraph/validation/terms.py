"""Terms as findings show them: short where a prefix of the project fits, as N-Triples otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
from rdflib import SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from bibgraph.namespaces import shorten

_STRING = str(XSD.string)
_STEPS = {SH.inversePath: "^{}", SH.zeroOrMorePath: "{}*", SH.oneOrMorePath: "{}+", SH.zeroOrOnePath: "{}?"}


def show(term: object) -> str:
    """A term of Oxigraph; empty for None."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.Literal) and not term.language and term.datatype.value != _STRING:
        return f"{ox.Literal(term.value)}^^{shorten(term.datatype.value)}"
    return str(term)


def show_node(node: Node | None) -> str:
    """A term of rdflib; empty for None."""
    if isinstance(node, URIRef):
        return shorten(str(node))
    if isinstance(node, Literal):
        return show(oxigraph_literal(node))
    return "" if node is None else f"_:{node}"


def show_path(graph: Graph, path: Node | None, name: Callable[[Node | None], str] = show_node) -> str:
    """A SHACL property path in SPARQL's notation, its properties written by ``name``."""
    if not isinstance(path, BNode):
        return name(path)
    for predicate, form in _STEPS.items():
        inner = graph.value(path, predicate)
        if inner is not None:
            return form.format(_grouped(show_path(graph, inner, name), graph, inner))
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "(" + "|".join(show_path(graph, each, name) for each in Collection(graph, alternatives)) + ")"
    return "/".join(show_path(graph, each, name) for each in Collection(graph, path))


def full(node: Node | None) -> str:
    """A term of rdflib as N-Triples writes it; empty for None."""
    return "" if node is None else str(node.n3())


def _grouped(shown: str, graph: Graph, path: Node) -> str:
    """``shown`` in brackets if the path is more than one property, and has none yet."""
    bare = not isinstance(path, BNode) or (path, SH.alternativePath, None) in graph
    return shown if bare else f"({shown})"


def oxigraph_literal(node: Literal) -> ox.Literal:
    """A literal of rdflib as one of Oxigraph."""
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or _STRING)))
