"""One result of SHACL and what stands around it in shapes and data, for those who make sentences of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib import DCTERMS, FOAF, RDF, RDFS, SDO, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from bibgraph.findings import text_in
from bibgraph.messages import SOURCE_LANGUAGE, Message
from bibgraph.validation.terms import show, show_node, show_path

_NAMES = tuple(URIRef(each) for each in (SKOS.prefLabel, RDFS.label, DCTERMS.title, FOAF.name, SDO.name))
_MOST_LISTED = 12
_TELLING = (SH["class"], SH.datatype, SH.node, SH.hasValue, SH.nodeKind, SH.pattern)
"""What a nameless shape is described by."""


@dataclass(frozen=True)
class Result:
    """A result: the local name of its component without ``ConstraintComponent``, its shape, and its nodes."""

    component: str
    shape: Node
    focus: Node | None
    path: Node | None
    value: Node | None


@dataclass(frozen=True)
class Name(Message):
    """What a thing is called: its name in the reader's language, with its short IRI behind."""

    labels: Mapping[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The name and, in brackets, the IRI; the IRI alone where there is no name."""
        label = text_in(self.labels, language)
        return f"{label} ({self.sentence})" if label else self.sentence


@dataclass(frozen=True)
class Listed(Message):
    """Several names, with commas between."""

    items: tuple[Message | str, ...] = ()

    def text(self, language: str) -> str:
        """The names in ``language``; of many the first."""
        shown = [item.text(language) if isinstance(item, Message) else item for item in self.items]
        return ", ".join(shown[:_MOST_LISTED]) + (" …" if len(shown) > _MOST_LISTED else "")


class Facts:
    """Shapes and data, looked into for names, parameters, values and classes."""

    def __init__(self, shapes: Graph, data: ox.Store) -> None:
        self._shapes = shapes
        self._data = data
        # Many results speak of few shapes and properties.
        self._named: dict[Node, Message] = {}
        self._parameters: dict[tuple[Node, ...], list[Node]] = {}
        self._shape_texts: dict[tuple[Node, ...], dict[str, str]] = {}

    def parameters(self, result: Result, *predicates: Node) -> list[Node]:
        """What the result's shape states with these predicates."""
        key = (result.shape, *predicates)
        if key not in self._parameters:
            found = {value for each in predicates for value in self._shapes.objects(result.shape, each)}
            self._parameters[key] = sorted(found, key=_order)
        return self._parameters[key]

    def members(self, result: Result, *predicates: Node) -> list[Node]:
        """The same for predicates that take a list."""
        return [
            each for head in self.parameters(result, *predicates) for each in Collection(self._shapes, head)
        ]

    def number(self, result: Result, predicate: Node) -> str:
        """A parameter as it is written; empty if there is none."""
        return next((str(value) for value in self.parameters(result, predicate)), "")

    def about(self, result: Result) -> Message | None:
        """The property that a result is about; None if it is about the thing itself."""
        if result.path is None:
            return None
        named = {} if result.component == "Closed" else self._texts(result.shape, SH.name)
        if isinstance(result.path, URIRef) and not named:
            return self.name(result.path)
        return Name(show_path(self._shapes, result.path), labels=named)

    def name(self, node: Node) -> Message:
        """What a thing is called, in data, ontology or shapes; values as N-Triples writes them."""
        if node not in self._named:
            labels = self._labels(node) if isinstance(node, URIRef) else {}
            self._named[node] = Name(show_node(node), labels=labels)
        return self._named[node]

    def names(self, nodes: Iterable[Node]) -> Message:
        """Several of them."""
        return Listed("", items=tuple(self.name(node) for node in nodes))

    def shape(self, node: Node) -> Message:
        """What a shape is called; one without name and IRI by what it asks for."""
        named = self._texts(node, SH.name, RDFS.label)
        if isinstance(node, URIRef):
            return Name(show_node(node), labels=named)
        if named:
            return Name(text_in(named, SOURCE_LANGUAGE), labels={})
        asked: list[Message] = [
            self.name(value)
            for each in _TELLING
            for value in sorted(self._shapes.objects(node, each), key=_order)
        ]
        for head in self._shapes.objects(node, SH["in"]):
            asked += [self.name(each) for each in Collection(self._shapes, head)]
        for path in self._shapes.objects(node, SH.path):
            asked.insert(
                0, self.name(path) if isinstance(path, URIRef) else Name(show_path(self._shapes, path))
            )
        return Listed("", items=tuple(asked)) if asked else Name("…")

    def shapes(self, nodes: Iterable[Node]) -> Message:
        """Several of them."""
        return Listed("", items=tuple(self.shape(node) for node in nodes))

    def description(self, result: Result) -> Mapping[str, str]:
        """What the shape says of itself, by language."""
        return self._texts(result.shape, SH.description)

    def allowed_properties(self, result: Result) -> list[URIRef]:
        """The properties that a closed shape has."""
        shaped = {
            path
            for each in self.parameters(result, SH.property)
            for path in self._shapes.objects(each, SH.path)
            if isinstance(path, URIRef)
        }
        ignored = {each for each in self.members(result, SH.ignoredProperties) if isinstance(each, URIRef)}
        return [*sorted(shaped), *sorted(ignored - shaped)]

    def is_asked_for(self, predicate: str) -> bool:
        """Whether some property shape is about this property."""
        return (None, SH.path, URIRef(predicate)) in self._shapes

    def stated(self, node: Node | None, predicate: Node | None = None) -> list[ox.Quad]:
        """What the data state of a thing, sorted."""
        subject = _term(node)
        if subject is None:
            return []
        along = ox.NamedNode(str(predicate)) if predicate is not None else None
        return sorted(self._data.quads_for_pattern(subject, along, None, None), key=str)

    def instances(self, classes: Iterable[Node], most: int) -> list[str]:
        """IRIs of things of one of the classes or of classes below it, at most ``most`` of them."""
        found: set[str] = set()
        waiting = [ox.NamedNode(str(each)) for each in classes if isinstance(each, URIRef)]
        seen: set[ox.NamedNode] = set()
        while waiting and len(found) < most:
            current = waiting.pop()
            seen.add(current)
            below = self._data.quads_for_pattern(None, ox.NamedNode(RDFS.subClassOf), current, None)
            waiting += [
                quad.subject
                for quad in below
                if isinstance(quad.subject, ox.NamedNode) and quad.subject not in seen
            ]
            for quad in self._data.quads_for_pattern(None, ox.NamedNode(RDF.type), current, None):
                if isinstance(quad.subject, ox.NamedNode):
                    found.add(quad.subject.value)
                if len(found) >= most:
                    break
        return sorted(found)

    def _labels(self, node: URIRef) -> dict[str, str]:
        labels: dict[str, str] = {}
        for predicate in _NAMES:
            for quad in self.stated(node, predicate):
                if isinstance(quad.object, ox.Literal):
                    labels.setdefault(quad.object.language or SOURCE_LANGUAGE, quad.object.value)
        return labels or self._texts(node, *_NAMES)

    def _texts(self, node: Node, *predicates: Node) -> dict[str, str]:
        key = (node, *predicates)
        if key not in self._shape_texts:
            self._shape_texts[key] = self._read_texts(node, predicates)
        return self._shape_texts[key]

    def _read_texts(self, node: Node, predicates: Iterable[Node]) -> dict[str, str]:
        texts: dict[str, str] = {}
        for predicate in predicates:
            for value in sorted(self._shapes.objects(node, predicate), key=str):
                if isinstance(value, Literal):
                    texts.setdefault(value.language or SOURCE_LANGUAGE, str(value))
        return texts


def shown(quads: Iterable[ox.Quad]) -> Message:
    """The objects of statements, listed."""
    return Listed("", items=tuple(dict.fromkeys(show(quad.object) for quad in quads)))


def _term(node: Node | None) -> ox.NamedNode | ox.BlankNode | None:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    return ox.BlankNode(str(node)) if isinstance(node, BNode) else None


def _order(node: Node) -> tuple[bool, str]:
    return isinstance(node, BNode), show_node(node)
