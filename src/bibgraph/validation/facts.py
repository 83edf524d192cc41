"""One result of SHACL and what stands around it in shapes and data, for those who make sentences of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from bibgraph.findings import text_in
from bibgraph.messages import SOURCE_LANGUAGE, Message
from bibgraph.namespaces import DCTERMS, FOAF, RDF, RDFS, SDO, SH, SKOS
from bibgraph.validation.results import Result
from bibgraph.validation.stated import Asked
from bibgraph.validation.terms import show, show_path
from bibgraph.validation.triples import Term, Triples, text_of

_NAMES = (SKOS.prefLabel, RDFS.label, DCTERMS["title"], FOAF.name, SDO.name)
_MOST_LISTED = 12
_TELLING = (SH["class"], SH.datatype, SH.node, SH.hasValue, SH.nodeKind, SH.pattern)
"""What a nameless shape is described by."""


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

    def __init__(self, shapes: Triples, data: Asked) -> None:
        self._shapes = shapes
        self._data = data
        # Many results speak of few shapes and properties.
        self._named: dict[Term, Message] = {}
        self._parameters: dict[tuple[object, ...], list[Term]] = {}
        self._shape_texts: dict[tuple[object, ...], dict[str, str]] = {}

    def parameters(self, result: Result, *predicates: str) -> list[Term]:
        """What the result's shape states with these predicates."""
        key = (result.shape, *predicates)
        if key not in self._parameters:
            found = {value for each in predicates for value in self._shapes.objects(result.shape, each)}
            self._parameters[key] = sorted(found, key=_order)
        return self._parameters[key]

    def members(self, result: Result, *predicates: str) -> list[Term]:
        """The same for predicates that take a list."""
        return [each for head in self.parameters(result, *predicates) for each in self._shapes.members(head)]

    def number(self, result: Result, predicate: str) -> str:
        """A parameter as it is written; empty if there is none."""
        return next((text_of(value) for value in self.parameters(result, predicate)), "")

    def about(self, result: Result) -> Message | None:
        """The property that a result is about; None if it is about the thing itself."""
        if result.path is None:
            return None
        named = {} if result.kind == "Closed" else self._texts(result.shape, SH.name)
        if isinstance(result.path, ox.NamedNode) and not named:
            return self.name(result.path)
        return Name(self.path(result), labels=named)

    def path(self, result: Result, name: Callable[[object], str] = show) -> str:
        """The path of a result in SPARQL's notation; empty if it has none."""
        return show_path(self._shapes, result.path, name)

    def name(self, node: Term) -> Message:
        """What a thing is called, in data, ontology or shapes; values as N-Triples writes them."""
        if node not in self._named:
            labels = self._labels(node) if isinstance(node, ox.NamedNode) else {}
            self._named[node] = Name(show(node), labels=labels)
        return self._named[node]

    def names(self, nodes: Iterable[Term]) -> Message:
        """Several of them."""
        return Listed("", items=tuple(self.name(node) for node in nodes))

    def shape(self, node: Term) -> Message:
        """What a shape is called; one without name and IRI by what it asks for."""
        named = self._texts(node, SH.name, RDFS.label)
        if isinstance(node, ox.NamedNode):
            return Name(show(node), labels=named)
        if named:
            return Name(text_in(named, SOURCE_LANGUAGE), labels={})
        asked: list[Message] = [
            self.name(value)
            for each in _TELLING
            for value in sorted(self._shapes.objects(node, each), key=_order)
        ]
        for head in self._shapes.objects(node, SH["in"]):
            asked += [self.name(each) for each in self._shapes.members(head)]
        for path in self._shapes.objects(node, SH.path):
            one = isinstance(path, ox.NamedNode)
            asked.insert(0, self.name(path) if one else Name(show_path(self._shapes, path)))
        return Listed("", items=tuple(asked)) if asked else Name("…")

    def shapes(self, nodes: Iterable[Term]) -> Message:
        """Several of them."""
        return Listed("", items=tuple(self.shape(node) for node in nodes))

    def description(self, result: Result) -> Mapping[str, str]:
        """What the shape says of itself, by language."""
        return self._texts(result.shape, SH.description)

    def messages(self, result: Result) -> Mapping[str, str]:
        """The messages of the shape, by language."""
        return self._texts(result.shape, SH.message)

    def allowed_properties(self, result: Result) -> list[str]:
        """The properties that a closed shape has."""
        shaped = {
            path.value
            for each in self.parameters(result, SH.property)
            for path in self._shapes.objects(each, SH.path)
            if isinstance(path, ox.NamedNode)
        }
        ignored = {
            each.value
            for each in self.members(result, SH.ignoredProperties)
            if isinstance(each, ox.NamedNode)
        }
        return [*sorted(shaped), *sorted(ignored - shaped)]

    def is_asked_for(self, predicate: str) -> bool:
        """Whether some property shape is about this property."""
        return predicate in self._paths

    @cached_property
    def _paths(self) -> set[str]:
        return {
            path.value
            for shape in self._shapes.subjects(SH.path)
            for path in self._shapes.objects(shape, SH.path)
            if isinstance(path, ox.NamedNode)
        }

    def stated(self, node: Term | None, predicate: str = "") -> list[ox.Triple]:
        """What the data state of a thing, sorted."""
        return sorted(self._data.about(node, predicate), key=str)

    def instances(self, classes: Iterable[Term], most: int) -> list[str]:
        """IRIs of things of one of the classes or of classes below it, at most ``most`` of them."""
        found: set[str] = set()
        waiting = [each for each in classes if isinstance(each, ox.NamedNode)]
        seen: set[ox.NamedNode] = set()
        while waiting and len(found) < most:
            current = waiting.pop()
            seen.add(current)
            waiting += [below for below in self._data.subjects(RDFS.subClassOf, current) if below not in seen]
            for thing in self._data.subjects(RDF.type, current):
                found.add(thing.value)
                if len(found) >= most:
                    break
        return sorted(found)

    def _labels(self, node: ox.NamedNode) -> dict[str, str]:
        labels: dict[str, str] = {}
        for predicate in _NAMES:
            for triple in self.stated(node, predicate):
                if isinstance(triple.object, ox.Literal):
                    labels.setdefault(triple.object.language or SOURCE_LANGUAGE, triple.object.value)
        return labels or self._texts(node, *_NAMES)

    def _texts(self, node: Term, *predicates: str) -> dict[str, str]:
        key = (node, *predicates)
        if key not in self._shape_texts:
            self._shape_texts[key] = self._read_texts(node, predicates)
        return self._shape_texts[key]

    def _read_texts(self, node: Term, predicates: Iterable[str]) -> dict[str, str]:
        texts: dict[str, str] = {}
        for predicate in predicates:
            for value in sorted(self._shapes.objects(node, predicate), key=text_of):
                if isinstance(value, ox.Literal):
                    texts.setdefault(value.language or SOURCE_LANGUAGE, value.value)
        return texts


def shown(triples: Iterable[ox.Triple]) -> Message:
    """The objects of statements, listed."""
    return Listed("", items=tuple(dict.fromkeys(show(triple.object) for triple in triples)))


def _order(node: Term) -> tuple[bool, str]:
    return isinstance(node, ox.BlankNode), show(node)
