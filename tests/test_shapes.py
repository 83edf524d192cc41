"""The shapes, one case per file: changes to a small valid world, and exactly what must be found after each.

A case is a SPARQL update, written with the prefixes of ``cases/base.ttl``. Those under ``invalid/`` begin
with what must be found, no more and no less: a line ``#! focus shape severity`` for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from bibgraph.namespaces import ONTOLOGY
from bibgraph.repository import Repository
from bibgraph.turtle import from_rdflib, to_rdflib
from bibgraph.validation import REFERENCE
from bibgraph.validation.engines import choose
from bibgraph.validation.stated import Stated
from bibgraph.validation.triples import Triples

CASES = Path(__file__).parent / "cases"
VALID = sorted((CASES / "valid").glob("*.ru"))
INVALID = sorted((CASES / "invalid").glob("*.ru"))
LANGUAGES = ["en", "nb", "nn"]
CASE_NAMES = {case.stem for case in (*VALID, *INVALID)}
REFERENCES = (SH["and"], SH["or"], SH.xone, SH["not"], SH.node, SH.qualifiedValueShape)

Found = tuple[Node | None, ...]
"""Focus node, shape and severity."""
Rule = tuple[Node, Node]
"""A node shape, and a property shape in it."""


@dataclass(frozen=True)
class World:
    """The base of all cases, the same with the ontology, and the shapes that judge them."""

    small: frozenset[ox.Triple]
    stated: frozenset[ox.Triple]
    prefixes: dict[str, str]
    shapes: Graph

    @cached_property
    def base(self) -> Graph:
        """The world before any change."""
        return graph_of(self.stated)

    @cached_property
    def silent(self) -> Graph:
        """The shapes without their words, which take time and decide nothing."""
        shapes = Graph()
        shapes += (each for each in self.shapes if each[1] not in (SH.name, SH.message))
        return shapes

    @cached_property
    def unused(self) -> dict[str, str]:
        """IRI and prefixed name of terms, and of codes that nothing uses."""
        used = {iri_of(triple.object) for triple in self.stated}
        return {
            iri: f"{prefix}:{iri.removeprefix(self.prefixes[prefix])}"
            for iri in {iri_of(triple.subject) for triple in self.stated - self.small}
            for prefix in ("bg", "code")
            if iri.startswith(self.prefixes[prefix]) and (prefix == "bg" or iri not in used)
        }

    def around(self, case: Path) -> frozenset[ox.Triple]:
        """The world without the terms and codes that neither the base nor the case needs described.

        What is found at a term or code depends on its own triples only, so the others cannot change the
        outcome; that they are without fault is a test of its own. Their place in the order of classes stays.
        """
        text = case.read_text(encoding="utf-8")
        left_out = {iri for iri, name in self.unused.items() if name not in text}
        return frozenset(
            triple
            for triple in self.stated
            if iri_of(triple.subject) not in left_out or triple.predicate.value == str(RDFS.subClassOf)
        )

    def after(self, case: Path) -> frozenset[ox.Triple]:
        """What the update of a case makes of the world around it."""
        store = store_of(self.around(case))
        store.update(case.read_text(encoding="utf-8"), prefixes=self.prefixes)
        return frozenset(quad.triple for quad in store)

    def findings(self, data: Graph) -> set[Found]:
        """What the shapes find in ``data``."""
        _, report, _ = pyshacl.validate(data, shacl_graph=self.silent, inference="none")
        told = (SH.focusNode, SH.sourceShape, SH.resultSeverity)
        return {
            tuple(report.value(result, each) for each in told) for result in report.objects(None, SH.result)
        }

    def full(self, name: str) -> URIRef:
        """An IRI from a prefixed name or from one in angle brackets."""
        prefix, _, local = name.partition(":")
        return URIRef(name[1:-1] if name.startswith("<") else self.prefixes[prefix] + local)

    def expected(self, case: Path) -> set[Found]:
        """What the header of a case says must be found."""
        lines = case.read_text(encoding="utf-8").splitlines()
        told = [line.split()[1:] for line in lines if line.startswith("#!")]
        return {(self.full(focus), self.full(shape), SH[severity]) for focus, shape, severity in told}

    def targets(self, shape: Node) -> set[Node]:
        """The things of the base that a node shape is about."""
        found: set[Node] = set()
        for target in self.shapes.objects(shape, SH.targetClass):
            for each in self.base.transitive_subjects(RDFS.subClassOf, target):
                found.update(self.base.subjects(RDF.type, each))
        for property_ in self.shapes.objects(shape, SH.targetSubjectsOf):
            found.update(self.base.subjects(property_))
        return found

    @cached_property
    def rules(self) -> list[Rule]:
        """Each node shape with each of the property shapes in it that speak."""
        pairs = self.shapes.subject_objects(SH.property)
        return sorted(((node, rule) for node, rule in pairs if rule in self.speaking), key=str)

    @cached_property
    def speaking(self) -> set[Node]:
        """The shapes that can be the source of a finding; the others are conditions inside them."""
        return set(self.shapes.subjects(SH.message))


class Joined:
    """All cases as few graphs: those that leave ontology and codes alone are one, the others stand alone.

    In the one each case has things of its own: the ends of their IRIs tell which.
    """

    def __init__(self, world: World, cases: Iterable[Path]) -> None:
        shared = world.stated - world.small
        terms = {triple.subject for triple in shared}
        together = set(world.stated)
        self.alone: set[str] = set()
        """The cases that stand alone."""
        self.idle: set[str] = set()
        """The cases that change nothing."""
        self.graphs: dict[str, ox.Store] = {}
        for case in cases:
            around, changed = world.around(case), world.after(case)
            own = changed - shared
            things = {triple.subject for triple in own}
            if around == changed:
                self.idle.add(case.stem)
            if things.isdisjoint(terms) and around & shared <= changed:
                together |= {renamed(triple, things, f"/{case.stem}") for triple in own}
            else:
                self.alone.add(case.stem)
                self.graphs[case.stem] = store_of(changed)
        self.graphs["together"] = store_of(together)

    def origin(self, graph: str, focus: str) -> tuple[str, str]:
        """The case that a focus node of a graph is of, and its IRI there; no case for what is of them all."""
        if graph in self.alone:
            return graph, focus
        iri, _, case = focus.rpartition("/")
        return (case, iri) if case in CASE_NAMES else ("", focus)


def renamed(triple: ox.Triple, things: Container[object], ending: str) -> ox.Triple:
    subject, object_ = triple.subject, triple.object
    if isinstance(subject, ox.NamedNode):
        subject = ox.NamedNode(subject.value + ending)
    if isinstance(object_, ox.NamedNode) and object_ in things:
        object_ = ox.NamedNode(object_.value + ending)
    return ox.Triple(subject, triple.predicate, object_)


def store_of(triples: Iterable[ox.Triple]) -> ox.Store:
    made = ox.Store()
    made.extend(ox.Quad(*triple) for triple in triples)
    return made


def iri_of(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def graph_of(triples: Iterable[ox.Triple]) -> Graph:
    return to_rdflib(ox.Quad(*triple) for triple in triples)


@pytest.fixture(scope="module")
def world(repository: Repository) -> World:
    parsed = ox.parse(path=CASES / "base.ttl")
    small = frozenset(quad.triple for quad in parsed)
    ontology = frozenset(quad.triple for quad in repository.quads("ontology"))
    shapes = to_rdflib(repository.quads("shapes"))
    return World(small, small | ontology, dict(parsed.prefixes), shapes)


@pytest.fixture(scope="module")
def joined(world: World) -> Joined:
    assert len(CASE_NAMES) == len(VALID) + len(INVALID), "two cases have one name"
    return Joined(world, [*VALID, *INVALID])


@pytest.fixture(scope="module")
def found(world: World, joined: Joined) -> Mapping[str, set[Found]]:
    """What ``bibgraph check`` finds after each case; without a case, what no case has made."""
    shapes = Triples.of(from_rdflib(world.shapes))
    by_case: defaultdict[str, set[Found]] = defaultdict(set)
    for name, graph in joined.graphs.items():
        stated = Stated.of(graph)
        for result in choose(REFERENCE).begin(stated, shapes).ended(stated, shapes):
            case, focus = joined.origin(name, result.focus.value)
            by_case[case].add((URIRef(focus), URIRef(result.shape.value), URIRef(result.severity)))
    return by_case


def test_nothing_is_found_in_the_base(world: World) -> None:
    assert world.findings(world.base) == set()


def test_nothing_is_found_but_in_what_a_case_has_made(found: Mapping[str, set[Found]]) -> None:
    assert found.get("", set()) == set()


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.stem)
def test_what_is_allowed(joined: Joined, found: Mapping[str, set[Found]], case: Path) -> None:
    assert case.stem not in joined.idle, "the update changes nothing"
    assert found.get(case.stem, set()) == set()


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.stem)
def test_what_is_at_fault(world: World, found: Mapping[str, set[Found]], case: Path) -> None:
    expected = world.expected(case)
    assert expected, "the case does not say what must be found"
    assert found.get(case.stem, set()) == expected


@pytest.mark.parametrize("case", [*VALID, *INVALID][::20], ids=lambda case: case.stem)
def test_by_itself_and_with_pyshacl_alone_a_case_gives_the_same(world: World, case: Path) -> None:
    """That cases together hide nothing of each other, and that no way of ours of asking pySHACL does."""
    assert world.findings(graph_of(world.after(case))) == world.expected(case)


def test_every_rule_of_every_class_is_broken_by_a_case(world: World) -> None:
    found = {(focus, shape) for case in INVALID for focus, shape, _ in world.expected(case)}
    unbroken = [
        (node, rule)
        for node, rule in world.rules
        if not any((focus, rule) in found for focus in world.targets(node))
    ]
    assert unbroken == []
    assert world.speaking - {shape for _, shape in found} - silent_tables(world) == set()


def silent_tables(world: World) -> set[Node]:
    """Node shapes that only list properties: they have no constraint of their own."""
    tables: set[Node] = {node for node, _ in world.rules}
    return tables - world.speaking


def test_every_rule_of_every_class_has_a_value_to_judge_in_the_base(world: World) -> None:
    idle = [
        (node, rule)
        for node, rule in world.rules
        for path in world.shapes.objects(rule, SH.path)
        if not any((thing, path, None) in world.base for thing in world.targets(node))
    ]
    assert idle == []


def test_every_class_of_the_ontology_has_a_closed_shape(world: World) -> None:
    classes = {each for each in world.base.subjects(RDF.type, OWL.Class) if not is_of_properties(world, each)}
    closed = {
        each
        for shape in world.shapes.subjects(SH.closed, Literal(lexical_or_value=True))
        for each in world.shapes.objects(shape, SH.targetClass)
    }
    assert classes - closed == set()


def is_of_properties(world: World, class_: Node) -> bool:
    return (class_, RDFS.subClassOf, RDF.Property) in world.base


def test_every_property_of_the_ontology_has_a_rule(world: World) -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = {each for kind in kinds for each in world.base.subjects(RDF.type, kind)}
    inferred = set(world.base.subjects(OWL.propertyChainAxiom))
    of_shapes = {URIRef(ONTOLOGY["expectedEmpty"])}
    assert properties - inferred - of_shapes - set(world.shapes.objects(None, SH.path)) == set()


def test_every_shape_that_speaks_does_so_in_three_languages_and_says_how_serious_it_is(world: World) -> None:
    for shape in world.speaking:
        for property_ in (SH.name, SH.message):
            texts = [each for each in world.shapes.objects(shape, property_) if isinstance(each, Literal)]
            assert sorted(str(text.language) for text in texts) == LANGUAGES, shape
            assert all(text.strip() for text in texts), shape
        assert len(list(world.shapes.objects(shape, SH.severity))) == 1, shape


def test_every_shape_is_put_to_use(world: World) -> None:
    """One that speaks has a target or stands in a node shape with one; one that is silent is referred to."""
    in_tables = set(world.shapes.objects(None, SH.property))
    with_target = set(world.shapes.subjects(SH.targetClass)) | set(world.shapes.subjects(SH.targetSubjectsOf))
    assert world.speaking - in_tables - with_target == set()
    conditions = set(world.shapes.subjects(RDF.type)) - world.speaking - silent_tables(world)
    inside = {each for property_ in REFERENCES for each in world.shapes.objects(None, property_)}
    listed = set(world.shapes.objects(None, RDF.first))
    assert conditions - inside - listed - in_tables == set()


def test_shapes_have_names_and_only_lists_are_blank(world: World) -> None:
    blank = {each for each in world.shapes.subjects() if isinstance(each, BNode)}
    assert blank - set(world.shapes.subjects(RDF.first)) == set()


@given(front=st.integers(80000000, 99999999))
def test_a_number_has_one_check_digit_or_none(world: World, front: int) -> None:
    """Counted another way than the rule counts: the digit that fills up to a multiple of eleven."""
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    digit = -sum(weight * int(figure) for weight, figure in zip(weights, str(front), strict=True)) % 11
    number = ox.NamedNode(ONTOLOGY["organisationNumber"])
    store = ox.Store()
    store.extend(
        ox.Quad(ox.NamedNode(f"http://x/{last}"), number, ox.Literal(f"{front}{last}")) for last in range(10)
    )
    query = str(world.shapes.value(world.full("bgs:modulus-11"), SH.select)).replace("$PATH", str(number))
    answer = store.query(query, prefixes={"xsd": str(XSD)})
    assert isinstance(answer, ox.QuerySolutions)
    wrong = {row["this"].value[-1] for row in answer}
    assert wrong == set("0123456789") - {str(digit)}
