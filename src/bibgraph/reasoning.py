"""What follows from the ontology and the data: the OWL 2 RL closure, by owlrl, in a graph of its own.

owlrl applies the rules of the profile by brute force: it hands every triple to every rule, and stores that
each thing is the same as itself. On a graph like this project's that takes seconds, nearly all of them for
triples that nobody wants. Three measures keep all other inferences and make it about eight times as fast:

- Literals are replaced by IRIs that stand for them. No rule looks into a literal but those for cardinalities,
  which keep theirs.
- A triple whose predicate is no term of RDF, RDFS or OWL triggers no rule (rules look such triples up, from
  an axiom); it is not handed to them.
- Trivial triples are refused as they arise, not picked out at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox
from owlrl import OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from bibgraph.namespaces import INFERRED

_VOCABULARIES = tuple(str(namespace._NS) for namespace in (OWL, RDF, RDFS))  # noqa: SLF001
_MEANT_FOR_READERS = frozenset({RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, RDFS.member})
_REFLEXIVE = frozenset(
    {OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty, RDFS.subClassOf, RDFS.subPropertyOf}
)
_EVERYTHING = frozenset({OWL.Thing, RDFS.Resource})
_COUNTS = frozenset({OWL.maxCardinality, OWL.maxQualifiedCardinality})
_PROXY = "urn:bibgraph:literal:"

_Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Closure:
    """inferred: what is new, in the graph of inferences, sorted. contradictions: in the reasoner's words."""

    inferred: tuple[ox.Quad, ...]
    contradictions: tuple[str, ...]


def infer(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The triples that follow from ``quads`` and are not among them, as ``close`` gives them."""
    return list(close(quads).inferred)


def close(quads: Iterable[ox.Quad]) -> Closure:
    """The OWL 2 RL closure of ``quads`` (their graphs' union), which are not changed.

    Left out are triples that say nothing (a thing is the same as itself, is an owl:Thing), triples about the
    vocabulary itself (a class is a sub-class of another, a property has a domain), and triples with a literal
    as subject or with a blank node. Deterministic.
    """
    stated = {quad.triple for quad in quads}
    proxies = _Proxies()
    reasoner = _Reasoner(proxies.graph(stated))
    reasoner.closure()
    found = {
        triple
        for node_triple in reasoner.made
        if _worth_stating(node_triple)
        for triple in [proxies.restore(node_triple)]
        if triple not in stated
    }
    home = ox.NamedNode(str(INFERRED))
    inferred = (ox.Quad(triple.subject, triple.predicate, triple.object, home) for triple in found)
    return Closure(tuple(sorted(inferred, key=str)), tuple(sorted(reasoner.error_messages)))


class _Reasoner(OWLRL_Semantics):  # type: ignore[misc]  # owlrl comes without types
    """owlrl's rules, without axiomatic triples, and without work on what would be trimmed anyway."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph, False, False)  # noqa: FBT003  # owlrl's signature
        self.made: set[_Triple] = set()
        self._known = set(graph)

    def rules(self, t: _Triple, cycle_num: int) -> None:
        """Hand a triple to the rules, if it is one that can trigger any."""
        _, predicate, object_ = t
        if _is_vocabulary(predicate) and (predicate != RDF.type or _is_vocabulary(object_)):
            super().rules(t, cycle_num)

    def store_triple(self, t: _Triple) -> None:
        """Keep a conclusion, unless it is trivial."""
        subject, predicate, object_ = t
        trivial = (
            (subject == object_ and predicate in _REFLEXIVE)
            or (predicate == RDF.type and object_ in _EVERYTHING)
            or isinstance(subject, Literal)
            or str(subject).startswith(_PROXY)
        )
        if not trivial and t not in self._known:
            self._known.add(t)
            self.made.add(t)
            self.added_triples.add(t)


class _Proxies:
    """IRIs in place of literals, and the way back."""

    def __init__(self) -> None:
        self._nodes: dict[object, Node] = {}
        self._terms: dict[Node, ox.NamedNode | ox.BlankNode | ox.Literal] = {}

    def graph(self, triples: Iterable[ox.Triple]) -> Graph:
        graph = Graph("SimpleMemory", bind_namespaces="none")  # no contexts: half the work
        for triple in sorted(triples, key=str):
            predicate = self._node(triple.predicate)
            if predicate in _COUNTS and isinstance(triple.object, ox.Literal):
                count = Literal(triple.object.value, datatype=URIRef(triple.object.datatype.value))
                graph.add((self._node(triple.subject), predicate, count))
            else:
                graph.add((self._node(triple.subject), predicate, self._node(triple.object)))
        return graph

    def restore(self, triple: _Triple) -> ox.Triple:
        subject, predicate, object_ = (self._terms.get(node) or ox.NamedNode(str(node)) for node in triple)
        if not isinstance(predicate, ox.NamedNode) or isinstance(subject, ox.Literal):
            raise TypeError(f"the reasoner made what is no triple: {triple}")
        return ox.Triple(subject, predicate, object_)

    def _node(self, term: object) -> Node:
        if term in self._nodes:
            return self._nodes[term]
        if isinstance(term, ox.NamedNode):
            node: Node = URIRef(term.value)
        elif isinstance(term, ox.BlankNode):
            node = BNode(term.value)
        elif isinstance(term, ox.Literal):
            node = URIRef(f"{_PROXY}{len(self._terms)}")
        else:
            raise TypeError(f"{term!r} is no term that can be reasoned about")
        self._nodes[term] = node
        self._terms[node] = term
        return node


def _is_vocabulary(node: Node) -> bool:
    # Not node.startswith: rdflib's own takes no tuple, and answers False.
    return str(node).startswith(_VOCABULARIES)


def _worth_stating(triple: _Triple) -> bool:
    """Whether a conclusion is about things and not about the vocabulary, and can be stated without blanks."""
    subject, predicate, object_ = triple
    if any(isinstance(node, BNode) for node in triple):
        return False
    if predicate == RDF.type:
        return not _is_vocabulary(object_)
    about_vocabulary = _is_vocabulary(predicate) and predicate not in _MEANT_FOR_READERS
    return not about_vocabulary or (predicate == OWL.sameAs and not _is_vocabulary(subject))
