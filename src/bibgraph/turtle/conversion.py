"""Between Oxigraph's terms, which our own code uses, and rdflib's, which its libraries need."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from bibgraph.errors import SourceError
from bibgraph.messages import message

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(quads: Iterable[ox.Quad]) -> Graph:
    """The union of the quads' graphs as one plain graph in memory."""
    graph = Graph(bind_namespaces="none")
    for quad in quads:
        graph.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    return graph


def to_dataset(quads: Iterable[ox.Quad]) -> Dataset:
    """The quads as a data set, each in its own graph."""
    dataset = Dataset()
    for quad in quads:
        home = dataset.default_graph if isinstance(quad.graph_name, ox.DefaultGraph) else None
        context = home if home is not None else dataset.graph(_identifier(quad.graph_name))
        context.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    return dataset


def from_rdflib(graph: Graph, graph_iri: str = "") -> list[ox.Quad]:
    """The triples of ``graph`` as quads in the graph named ``graph_iri``; in the default graph if empty.

    Triples that RDF does not allow (a literal as subject), as some reasoners make them, raise SourceError.
    """
    home = ox.NamedNode(graph_iri) if graph_iri else ox.DefaultGraph()
    return [_quad(triple, home) for triple in graph]


def _quad(triple: tuple[Node, Node, Node], home: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    subject, predicate, object_ = (_term(node) for node in triple)
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
        raise SourceError(
            message("RDF does not allow this triple: {triple}.", triple=" ".join(map(str, triple)))
        )
    return ox.Quad(subject, predicate, object_, home)


def _term(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if not isinstance(node, RdflibLiteral):
        raise TypeError(f"{node!r} is no RDF term")
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or _STRING)))


def _node(term: object) -> URIRef | BNode | RdflibLiteral:
    if isinstance(term, ox.Literal):
        if term.language:
            return RdflibLiteral(term.value, lang=term.language)
        datatype = None if term.datatype.value == _STRING else URIRef(term.datatype.value)
        # Not normalised: "01" stays "01", so that checks see what is written.
        return RdflibLiteral(term.value, datatype=datatype, normalize=False)
    return _identifier(term)


def _identifier(term: object) -> URIRef | BNode:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise TypeError(f"{term!r} has no counterpart in rdflib")
