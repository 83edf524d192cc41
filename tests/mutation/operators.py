"""The ways to break a thing, by constraint: what each of SHACL's constraints exists to prevent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations

from rdflib import RDF, SH, XSD, Literal, URIRef
from rdflib.term import Node

from mutation.meaning import Meaning
from mutation.world import NOWHERE, Rule, Stated, Thing, World

UNCHANGED = "The change changes nothing: the thing had this form before."
LEGAL = "The changed value is allowed as well, by another alternative or a wider pattern."
OTHER = "The thing is no longer one that the shape is about."


@dataclass(frozen=True)
class Mutant:
    """A thing with one fault. excused: why it is none, empty if the shape must find it."""

    thing: Thing
    rule: Rule
    constraint: str
    way: str
    stated: Stated
    excused: str = ""

    @property
    def component(self) -> str:
        """The IRI of the constraint component that must speak."""
        return component(self.constraint)


def component(constraint: str) -> str:
    """The IRI of the component of a constraint, such as ``minCount``."""
    name = "SPARQL" if constraint == "sparql" else f"{constraint[0].upper()}{constraint[1:]}"
    return f"{SH}{name}ConstraintComponent"


Change = tuple[str, Stated, bool]
"""The way, what is stated then, and whether the constraint allows it."""


class Operators:
    """Makes all mutants of a thing for a rule."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._meaning = Meaning(world)

    def mutants(self, rule: Rule, thing: Thing) -> Iterator[Mutant]:
        """Raises KeyError for a constraint that there is no way to break, so that none is forgotten."""
        for constraint, demand in sorted(self._world.shapes.predicate_objects(rule.shape), key=str):
            if constraint in _SILENT:
                continue
            name = str(constraint).removeprefix(str(SH))
            for way, stated, allowed in self._changes(rule, thing, URIRef(str(constraint)), demand):
                yield Mutant(
                    thing, rule, name, way, stated, self._excuse(rule, thing, stated, allowed=allowed)
                )

    def _excuse(self, rule: Rule, thing: Thing, stated: Stated, *, allowed: bool) -> str:
        if set(stated) == set(thing.stated):
            return UNCHANGED
        if not self._world.is_about(rule.owner, stated):
            return OTHER
        return LEGAL if allowed else ""

    def _changes(self, rule: Rule, thing: Thing, constraint: URIRef, demand: Node) -> Iterator[Change]:
        if rule.path is None:
            yield from self._of_node(rule, thing, constraint, demand)
            return
        values = thing.values(rule.path)
        if constraint in _COUNTS:
            yield from _COUNTS[constraint](self, rule, thing, values, demand)
        elif constraint in _RELATIONS:
            yield from _RELATIONS[constraint](rule.along, thing, values, demand)
        else:
            for value in values:
                for way, other in self._instead(constraint, value, demand):
                    allowed = self._allows(constraint, demand, other)
                    yield way, replaced(thing.stated, (rule.path, value), [(rule.path, other)]), allowed

    def _allows(self, constraint: URIRef, demand: Node, value: Node) -> bool:
        return constraint not in _LIMITS and self._meaning.holds(constraint, demand, value)

    def _instead(self, constraint: URIRef, value: Node, demand: Node) -> Iterator[tuple[str, Node]]:
        """Values that one constraint of a single value may forbid."""
        if constraint == SH.languageIn:
            yield "in another language", Literal(str(value), lang="fr")
            yield "without a language", Literal(str(value))
            yield "in a dialect", Literal(str(value), lang="nb-NO")
        elif constraint in (SH.datatype, SH["in"]):
            yield "retyped", Literal(str(value))
            for datatype in (XSD.integer, XSD.date):
                yield "retyped", Literal(str(value), datatype=datatype, normalize=False)
            yield "with a language", Literal(str(value), lang="nb")
            if demand != XSD.boolean:  # of these, rdflib warns
                yield "ill-formed", Literal(f"{value} ?", datatype=_datatype(value), normalize=False)
            yield "a thing", NOWHERE
        elif constraint == SH.pattern:
            yield from _respelt(value)
        elif constraint == SH.sparql:
            yield from _miscounted(value)
        elif constraint in _LIMITS:
            yield "out of range", Literal(int(str(demand)) + _LIMITS[constraint])
        elif constraint in _CONDITIONS:
            yield from (("misdirected", each) for each in self._world.samples)
        else:
            raise KeyError(constraint)

    def _too_few(self, rule: Rule, thing: Thing, values: list[Node], demand: Node) -> Iterator[Change]:
        for kept in combinations(values, int(str(demand)) - 1):
            dropped = [(rule.along, value) for value in values if value not in kept]
            yield "dropped", replaced(thing.stated, *dropped), False

    def _too_many(self, rule: Rule, thing: Thing, values: list[Node], demand: Node) -> Iterator[Change]:
        like = values[0] if values else self._world.example(rule.along)
        more = int(str(demand)) + 1 - len(values)
        if like is not None:
            added = [(rule.along, _variant(like, number)) for number in range(1, more + 1)]
            yield "duplicated", (*thing.stated, *added), False

    def _too_few_fitting(
        self, rule: Rule, thing: Thing, values: list[Node], demand: Node
    ) -> Iterator[Change]:
        [wanted] = self._world.shapes.objects(rule.shape, SH.qualifiedValueShape)
        fitting = [value for value in values if self._meaning.conforms(wanted, value)]
        for kept in combinations(fitting, int(str(demand)) - 1):
            dropped = [(rule.along, value) for value in fitting if value not in kept]
            yield "dropped", replaced(thing.stated, *dropped), False
        for value in fitting:
            french = (rule.along, Literal(str(value), lang="fr"))
            allowed = len(fitting) > int(str(demand))
            yield "in another language", replaced(thing.stated, (rule.along, value), [french]), allowed

    def _value_gone(self, rule: Rule, thing: Thing, values: list[Node], demand: Node) -> Iterator[Change]:
        yield "dropped", replaced(thing.stated, (rule.along, demand)), False
        for other in self._world.samples if demand in values else ():
            stated = replaced(thing.stated, (rule.along, demand), [(rule.along, other)])
            yield "misdirected", stated, other == demand

    def _same_language(self, rule: Rule, thing: Thing, values: list[Node], demand: Node) -> Iterator[Change]:
        for value in values:
            if isinstance(value, Literal) and value.language and str(demand) == "true":
                again = Literal(f"{value} igjen", lang=value.language)
                yield "language twice", (*thing.stated, (rule.along, again)), False

    def _of_node(self, rule: Rule, thing: Thing, constraint: URIRef, demand: Node) -> Iterator[Change]:
        if constraint == SH.closed:
            yield from self._strange_properties(rule, thing)
        elif constraint == SH["class"]:
            for other in self._world.samples:
                types = [(RDF.type, each) for each in thing.values(RDF.type)]
                stated = replaced(thing.stated, *types, [(RDF.type, other)])
                yield "retyped", stated, self._meaning.holds(constraint, demand, thing.iri, stated)
        elif constraint in _GROUPS:
            yield from self._combinations(thing, constraint, demand)
        else:
            raise KeyError(constraint)

    def _strange_properties(self, rule: Rule, thing: Thing) -> Iterator[Change]:
        paths = {
            path
            for each in self._world.shapes.objects(rule.shape, SH.property)
            for path in self._world.shapes.objects(each, SH.path)
        }
        for head in self._world.shapes.objects(rule.shape, SH.ignoredProperties):
            paths.update(self._world.members(head))
        for predicate in sorted({predicate for predicate, _ in thing.stated}):
            pairs = [pair for pair in thing.stated if pair[0] == predicate]
            misspelt = [(URIRef(f"{predicate}s"), value) for _, value in pairs]
            yield "misspelt", replaced(thing.stated, *pairs, misspelt), False
        for path in sorted(set(self._world.shapes.objects(None, SH.path)), key=str):
            value = self._world.example(path)
            if value is not None:
                yield "of another class", (*thing.stated, (URIRef(str(path)), value)), path in paths

    def _combinations(self, thing: Thing, constraint: URIRef, demand: Node) -> Iterator[Change]:
        """A group of conditions about which properties there are: all sets of them, with and without."""
        paths = sorted(self._paths(demand), key=str)
        for kept in chain.from_iterable(combinations(paths, size) for size in range(len(paths) + 1)):
            stated: Stated = tuple(pair for pair in thing.stated if pair[0] not in paths or pair[0] in kept)
            present = {predicate for predicate, _ in stated}
            added = [(path, self._world.example(path)) for path in kept if path not in present]
            stated = (*stated, *((URIRef(str(path)), value) for path, value in added if value is not None))
            yield "recombined", stated, self._meaning.holds(constraint, demand, thing.iri, stated)

    def _paths(self, node: Node) -> set[Node]:
        """The properties that conditions speak of, however deep."""
        found = set(self._world.shapes.objects(node, SH.path))
        for predicate in (*_GROUPS, SH.node, SH.property, RDF.first, RDF.rest):
            for below in self._world.shapes.objects(node, predicate):
                found |= self._paths(below)
        return found


def replaced(stated: Stated, *change: object) -> Stated:
    """``stated`` without the pairs given, and with those in a last list."""
    added = change[-1] if change and isinstance(change[-1], list) else []
    gone = [each for each in change if each is not added]
    return (*(pair for pair in stated if pair not in gone), *added)


def _reversed(path: URIRef, thing: Thing, values: list[Node], other: Node) -> Iterator[Change]:
    bound = thing.values(other)
    for value in values:
        for limit in bound:
            later, earlier = _moved(limit, 1), _moved(value, -1)
            yield "reversed", replaced(thing.stated, (path, value), [(path, later)]), False
            pair = (URIRef(str(other)), limit)
            yield "reversed", replaced(thing.stated, pair, [(URIRef(str(other)), earlier)]), False


def _shared(path: URIRef, thing: Thing, values: list[Node], other: Node) -> Iterator[Change]:
    for each in thing.values(other):
        yield "repeated", (*thing.stated, (path, each)), False
    for each in values:
        yield "repeated", (*thing.stated, (URIRef(str(other)), each)), False


def _moved(value: Node, by: int) -> Literal:
    if isinstance(value, Literal) and isinstance(value.value, date):
        return Literal(value.value + timedelta(days=by))
    return Literal(int(str(value)) + by)


def _variant(value: Node, number: int) -> Node:
    if isinstance(value, Literal):
        if isinstance(value.value, bool):
            return Literal(value.value is (number % 2 == 0))
        if isinstance(value.value, int | date):
            return _moved(value, number)
        return _like(value, f"{value} {number}")
    return URIRef(f"{value}/{number}")


def _like(value: Literal, text: str) -> Literal:
    return Literal(text, lang=value.language, datatype=value.datatype, normalize=False)


def _datatype(value: Node) -> URIRef | None:
    return value.datatype if isinstance(value, Literal) else None


def _miscounted(value: Node) -> Iterator[tuple[str, Node]]:
    for place, figure in enumerate(str(value)):
        if isinstance(value, Literal) and figure.isdecimal():
            other = str((int(figure) + 1) % 10)
            yield "another digit", _like(value, f"{value[:place]}{other}{value[place + 1 :]}")


def _respelt(value: Node) -> Iterator[tuple[str, Node]]:
    text = str(value)
    if isinstance(value, Literal):
        yield "with something before", _like(value, f" {text}")
        yield "with something behind", _like(value, f"{text} !")
        yield "empty", _like(value, "")
        yield "in capitals", _like(value, text.upper())
        yield "cut short", _like(value, text[:-1])
    else:
        yield "with something before", URIRef(f"urn:{text}")
        yield "with something behind", URIRef(f"{text}-x")
        yield "empty", URIRef("urn:x")
        yield "in capitals", URIRef(text.upper())
        yield "cut short", URIRef(text[:-1])


_LIMITS = {SH.minInclusive: -1, SH.minExclusive: 0, SH.maxInclusive: 1, SH.maxExclusive: 0}
_CONDITIONS = {SH["class"], SH.nodeKind, SH.node, SH["and"], SH["or"], SH.xone, SH["not"]}
_GROUPS = {SH["and"], SH["or"], SH.xone, SH["not"]}
_SILENT = {
    *(RDF.type, SH.path, SH.name, SH.message, SH.description, SH.severity, SH.property, SH.order, SH.group),
    *(SH.targetClass, SH.targetSubjectsOf, SH.ignoredProperties, SH.flags, SH.qualifiedValueShape),
}
_COUNTS: dict[Node, Callable[[Operators, Rule, Thing, list[Node], Node], Iterator[Change]]] = {
    SH.minCount: Operators._too_few,
    SH.maxCount: Operators._too_many,
    SH.qualifiedMinCount: Operators._too_few_fitting,
    SH.hasValue: Operators._value_gone,
    SH.uniqueLang: Operators._same_language,
}
_RELATIONS: dict[Node, Callable[[URIRef, Thing, list[Node], Node], Iterator[Change]]] = {
    SH.lessThan: _reversed,
    SH.lessThanOrEquals: _reversed,
    SH.disjoint: _shared,
}
