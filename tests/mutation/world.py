"""What is broken, and by which rules: valid things, shapes, and which shape is about which thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from bibgraph.repository import Repository
from bibgraph.turtle import to_rdflib

CASES = Path(__file__).parent.parent / "cases"

Stated = tuple[tuple[URIRef, Node], ...]
"""What is stated of a thing: properties and values."""


@dataclass(frozen=True)
class Thing:
    """A valid thing as one of the worlds has it: the base, or the base after a valid case."""

    iri: URIRef
    stated: Stated
    case: str = ""

    def values(self, path: Node) -> list[Node]:
        """The values of a property."""
        return [value for predicate, value in self.stated if predicate == path]


@dataclass(frozen=True)
class Rule:
    """A shape that speaks, in a node shape that has targets; path is None for the node shape itself."""

    owner: URIRef
    shape: URIRef
    path: URIRef | None

    @property
    def along(self) -> URIRef:
        """The path of a property shape. Raises ValueError for a node shape."""
        if self.path is None:
            raise ValueError(self.shape)
        return self.path


class World:
    """The shapes, and everything valid that they are about."""

    def __init__(self, repository: Repository) -> None:
        self.shapes = to_rdflib(repository.quads("shapes"))
        base = ox.parse(path=CASES / "base.ttl")
        small = {quad.triple for quad in base}
        self._prefixes = dict(base.prefixes)
        self._triples = small | {quad.triple for quad in repository.quads("ontology")}
        self.graph = _graph(self._triples)
        self.things = tuple(self._things())
        self._examples: dict[Node, Node | None] = {}
        for thing in self.things:
            # What a valid case brings along is there for its other things to point to.
            if thing.case and (thing.iri, None, None) not in self.graph:
                for predicate, value in thing.stated:
                    self.graph.add((thing.iri, predicate, value))

    def _things(self) -> Iterator[Thing]:
        """The things of the base and of the ontology, then those that the valid cases change."""
        before = {iri: _stated(self.graph, iri) for iri in sorted(set(self.graph.subjects()), key=str)}
        yield from (Thing(URIRef(str(iri)), stated) for iri, stated in before.items())
        for case in sorted((CASES / "valid").glob("*.ru")):
            changed = self._after(case)
            for iri in sorted(set(changed.subjects()), key=str):
                stated = _stated(changed, iri)
                if stated != before.get(iri):
                    yield Thing(URIRef(str(iri)), stated, case.stem)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, the closed and grouping node shapes among them."""
        owners = sorted({owner for kind in _TARGETS for owner in self.shapes.subjects(kind)}, key=str)
        found = []
        for owner in owners:
            found.append(Rule(URIRef(str(owner)), URIRef(str(owner)), None))
            for shape in sorted(self.shapes.objects(owner, SH.property), key=str):
                path = self.shapes.value(shape, SH.path)
                if not isinstance(path, URIRef):
                    raise TypeError(f"{shape} has a path that mutation does not know")
                found.append(Rule(URIRef(str(owner)), URIRef(str(shape)), path))
        return tuple(found)

    def is_about(self, owner: Node, stated: Stated) -> bool:
        """Whether a node shape is about a thing of which this is stated."""
        classes, predicates = self._targets[owner]
        return any(pair[0] in predicates or (pair[0] == RDF.type and pair[1] in classes) for pair in stated)

    @cached_property
    def _targets(self) -> dict[Node, tuple[set[Node], set[Node]]]:
        """The classes, with those below them, and the properties whose things each node shape is about."""
        return {
            owner: (
                {
                    below
                    for target in self.shapes.objects(owner, SH.targetClass)
                    for below in self.graph.transitive_subjects(RDFS.subClassOf, target)
                    if below is not None
                },
                set(self.shapes.objects(owner, SH.targetSubjectsOf)),
            )
            for kind in _TARGETS
            for owner in self.shapes.subjects(kind)
        }

    def members(self, head: Node) -> list[Node]:
        """The members of a list in the shapes."""
        return list(Collection(self.shapes, head))

    @cached_property
    def samples(self) -> tuple[Node, ...]:
        """A thing of every class and a code of every list, a thing of which nothing is stated, and a text."""
        found: dict[Node, URIRef] = {}
        for kind in (RDF.type, URIRef("http://www.w3.org/2004/02/skos/core#inScheme")):
            for iri, class_ in sorted(self.graph.subject_objects(kind)):
                found.setdefault(class_, URIRef(str(iri)))
        return (*sorted(set(found.values())), NOWHERE, Literal("tekst"))

    def example(self, path: Node) -> Node | None:
        """A value that some thing has for a property."""
        if path not in self._examples:
            self._examples[path] = min(self.graph.objects(None, path), key=str, default=None)
        return self._examples[path]

    def _after(self, case: Path) -> Graph:
        store = ox.Store()
        store.extend(ox.Quad(*triple) for triple in self._triples)
        store.update(case.read_text(encoding="utf-8"), prefixes=self._prefixes)
        return _graph(quad.triple for quad in store)


NOWHERE = URIRef("https://w3id.org/bibgraph/id/nowhere")
_TARGETS = (SH.targetClass, SH.targetSubjectsOf)


def _graph(triples: Iterable[ox.Triple]) -> Graph:
    return to_rdflib(ox.Quad(*triple) for triple in triples)


def _stated(graph: Graph, iri: Node) -> Stated:
    pairs = ((URIRef(str(predicate)), value) for predicate, value in graph.predicate_objects(iri))
    return tuple(sorted(pairs, key=lambda pair: (str(pair[0]), pair[1].n3())))
