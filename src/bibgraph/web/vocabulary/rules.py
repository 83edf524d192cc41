"""Shapes as readers meet them: whom a shape is for, what it asks, in which words (SHACL, W3C 2017)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from bibgraph.describe import Term, value_of
from bibgraph.namespaces import RDF, SH

_NIL = str(RDF.nil)
_FIRST, _REST = str(RDF.first), str(RDF.rest)
_KINDS = {str(SH.NodeShape), str(SH.PropertyShape)}
_PROPERTY = str(SH.property)
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_SAID_APART = {
    str(RDF.type),
    _PROPERTY,
    *(str(SH[name]) for name in ("name", "description", "message", "severity", "path", "order", "group")),
    *(str(SH[name]) for name in _TARGETS),
}
_SEVERITIES = tuple(str(SH[name]) for name in ("Violation", "Warning", "Info"))
_MORE_THAN_ONE = {str(SH[name]): sign for name, sign in (("zeroOrMorePath", "*"), ("oneOrMorePath", "+"))}
_REPEATED = {**_MORE_THAN_ONE, str(SH.zeroOrOnePath): "?"}

Facts = Mapping[str, Mapping[str, Sequence[Term]]]


@dataclass(frozen=True)
class Rule:
    """One shape.

    targets: whom it is for, by the way they are found (``targetClass``). path: what it is a rule of, in
    pieces: IRIs and signs. texts, messages: its names and what it says, by language. conditions: what it
    asks, by the constraint's parameter, with the values. parts: shapes of properties that belong to it.
    within: shapes that it is part of.
    """

    iri: str
    graph: str
    targets: Sequence[tuple[str, str]]
    path: Sequence[str]
    texts: Sequence[ox.Literal]
    messages: Sequence[ox.Literal]
    severity: str
    conditions: Sequence[tuple[str, Sequence[Term]]]
    parts: Sequence[str]
    within: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The fragment of its IRI."""
        return self.iri.rpartition("#")[2]

    @property
    def order(self) -> tuple[int, str]:
        """A key to sort by: the gravest first."""
        grave = _SEVERITIES.index(self.severity) if self.severity in _SEVERITIES else len(_SEVERITIES)
        return grave, self.iri

    def value(self, name: str) -> str:
        """The first value of a constraint's parameter, such as ``minCount``; empty if it has none."""
        found = (value_of(values[0]) for parameter, values in self.conditions if parameter == str(SH[name]))
        return next(found, "")


class Rules:
    """The shapes in some quads."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.all: dict[str, Rule] = {}
        facts, graphs = _facts(quads)
        for subject, said in facts.items():
            if any(value_of(kind) in _KINDS for kind in said.get(str(RDF.type), ())):
                self.all[subject] = _rule(subject, graphs[subject], said, facts)
        for rule in self.all.values():
            inner = (value_of(value) for _, values in rule.conditions for value in values)
            for other in dict.fromkeys((*rule.parts, *inner)):
                if other in self.all:
                    self.all[other].within.append(rule.iri)

    def for_class(self, iri: str) -> list[Rule]:
        """The rules for things of a class: shapes with that target, and their properties' shapes."""
        own = [rule for rule in self.all.values() if ("targetClass", iri) in rule.targets]
        parts = (self.all[part] for rule in own for part in rule.parts if part in self.all)
        return list({rule.iri: rule for rule in (*own, *parts)}.values())

    def about(self, iri: str) -> list[Rule]:
        """The rules that speak of a class or property as target, as path or in a condition, gravest first."""
        return sorted(self._by_term.get(iri, ()), key=lambda rule: rule.order)

    @cached_property
    def _by_term(self) -> Mapping[str, Sequence[Rule]]:
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.all.values():
            named = (value_of(value) for _, values in rule.conditions for value in values)
            targets = (target for _, target in rule.targets)
            for iri in dict.fromkeys((*rule.path, *targets, *named)) if rule.messages else ():
                found[iri].append(rule)
        return found

    def classes(self, rule: Rule) -> list[str]:
        """The classes whose things a rule is for, itself or by the shapes that it is part of."""
        seen: dict[str, None] = {}
        waiting, met = [rule], {rule.iri}
        while waiting:
            one = waiting.pop()
            seen.update({iri: None for way, iri in one.targets if way == "targetClass"})
            outer = [self.all[iri] for iri in one.within if iri not in met]
            met.update(other.iri for other in outer)
            waiting += outer
        return sorted(seen)

    def iris(self) -> Iterator[str]:
        """Everything that they name."""
        for rule in self.all.values():
            yield from (rule.iri, rule.graph, rule.severity, *rule.path, *rule.parts)
            yield from (iri for _, iri in rule.targets)
            yield from (
                term.value
                for _, values in rule.conditions
                for term in values
                if isinstance(term, ox.NamedNode)
            )


def _facts(quads: Iterable[ox.Quad]) -> tuple[Facts, Mapping[str, str]]:
    facts: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    graphs: dict[str, str] = {}
    for quad in quads:
        subject = value_of(quad.subject)
        facts[subject][quad.predicate.value].append(quad.object)
        graphs.setdefault(subject, quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "")
    return facts, graphs


def _rule(iri: str, graph: str, said: Mapping[str, Sequence[Term]], facts: Facts) -> Rule:
    def texts(name: str) -> list[ox.Literal]:
        return [term for term in said.get(str(SH[name]), ()) if isinstance(term, ox.Literal)]

    paths = said.get(str(SH.path), ())
    return Rule(
        iri=iri,
        graph=graph,
        targets=[(way, value_of(term)) for way in _TARGETS for term in said.get(str(SH[way]), ())],
        path=list(_path(paths[0], facts)) if paths else [],
        texts=texts("name"),
        messages=texts("message"),
        severity=value_of(next(iter(said.get(str(SH.severity), ())), ox.NamedNode(_SEVERITIES[0]))),
        conditions=[
            (parameter, [one for value in values for one in _listed(value, facts)])
            for parameter, values in sorted(said.items())
            if parameter not in _SAID_APART and parameter.startswith(str(SH))
        ],
        parts=[value_of(term) for term in said.get(_PROPERTY, ())],
    )


def _listed(term: Term, facts: Facts) -> Iterator[Term]:
    """The members of a list; any other term itself."""
    node = value_of(term)
    if _FIRST not in facts.get(node, {}):
        if node != _NIL:
            yield term
        return
    while node != _NIL:
        yield facts[node][_FIRST][0]
        node = value_of(facts[node][_REST][0])


def _path(term: Term, facts: Facts) -> Iterator[str]:
    """A path in pieces, as SPARQL writes it."""
    said = facts.get(value_of(term), {}) if isinstance(term, ox.BlankNode) else {}
    if not said:
        yield value_of(term)
    for kind, (value, *_) in said.items():
        if kind == str(SH.inversePath):
            yield "^"
            yield from _path(value, facts)
        elif kind in _REPEATED:
            yield from (*_path(value, facts), _REPEATED[kind])
        elif kind == str(SH.alternativePath):
            yield from _joined(value, facts, "|")
    if _FIRST in said:
        yield from _joined(term, facts, "/")


def _joined(term: Term, facts: Facts, sign: str) -> Iterator[str]:
    for number, member in enumerate(_listed(term, facts)):
        if number:
            yield sign
        yield from _path(member, facts)
