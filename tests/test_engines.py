"""The engines say the same: on the real data, on all cases, and on shapes and data put together at random."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from bibgraph.errors import SettingsError
from bibgraph.findings import Finding
from bibgraph.repository import Repository
from bibgraph.turtle import from_rdflib, to_rdflib
from bibgraph.validation import ENGINES, REFERENCE, validate
from bibgraph.validation.engines import Unusable, choose
from bibgraph.validation.results import Result as EngineResult
from bibgraph.validation.stated import Stated
from bibgraph.validation.terms import show_path
from bibgraph.validation.triples import Triples
from conftest import Outcome
from test_shapes import CASES, INVALID, VALID, Joined, World

NATIVE = [name for name in ENGINES if name != REFERENCE]
EXCEPTIONS = tomllib.loads((Path(__file__).parent / "engine_exceptions.toml").read_text(encoding="utf-8"))[
    "exception"
]
PREFIXES = """
@prefix : <http://x/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

Result = tuple[str, str, str, str, str]
"""Focus node, path, component, severity and shape."""


def results(found: Iterable[EngineResult], shapes: Triples) -> set[Result]:
    return {
        (
            found_one.focus.value,
            show_path(shapes, found_one.path),
            found_one.component,
            found_one.severity,
            found_one.shape.value,
        )
        for found_one in found
    }


def run(engine: str, data: Iterable[ox.Quad] | ox.Store, shapes: Triples) -> list[EngineResult]:
    stated = Stated.of(data)
    return choose(engine).begin(stated, shapes).ended(stated, shapes)


class Comparison:
    """Runs every engine over all cases."""

    def __init__(self, world: World, cases: Iterable[Path]) -> None:
        self.world = world
        self._shapes = Triples.of(from_rdflib(world.shapes))
        self.joined = Joined(world, cases)

    @cache  # noqa: B019  # there is one, for all tests
    def results(self, engine: str) -> dict[str, set[Result]]:
        """What an engine finds in each graph."""
        return {
            each: results(run(engine, graph, self._shapes), self._shapes)
            for each, graph in self.joined.graphs.items()
        }

    def differences(self, engine: str) -> dict[tuple[str, str], list[tuple[str, Result]]]:
        """By component and shape: graph and result for all that only one of engine and reference has."""
        found: dict[tuple[str, str], list[tuple[str, Result]]] = {}
        for graph, said in self.results(engine).items():
            for result in said ^ self.results(REFERENCE)[graph]:
                found.setdefault((result[2], result[4]), []).append((graph, result))
        return found


@pytest.fixture(scope="module")
def comparison(repository: Repository) -> Comparison:
    parsed = ox.parse(path=CASES / "base.ttl")
    small = frozenset(quad.triple for quad in parsed)
    ontology = frozenset(quad.triple for quad in repository.quads("ontology"))
    shapes = to_rdflib(repository.quads("shapes"))
    world = World(small, small | ontology, dict(parsed.prefixes), shapes)
    return Comparison(world, [*VALID, *INVALID])


@pytest.mark.parametrize("engine", NATIVE)
def test_the_engine_is_installed(engine: str) -> None:
    """Without it, all that follows would compare nothing."""
    assert find_spec(ENGINES[engine][0]), f"{engine} is missing: pip install -e '.[dev]'"


@pytest.mark.parametrize("engine", NATIVE)
def test_an_engine_says_of_the_cases_what_the_reference_says(comparison: Comparison, engine: str) -> None:
    differing = comparison.differences(engine)
    listed = {(each["component"], each["shape"]) for each in EXCEPTIONS if each["engine"] == engine}
    assert {key: found[:3] for key, found in differing.items() if key not in listed} == {}
    assert listed - differing.keys() == set(), "exceptions that are not needed"


def test_the_cases_are_told_apart_and_all_looked_at(comparison: Comparison) -> None:
    """What the reference finds in the cases together is what their headers say must be found."""
    expected = {
        (focus if case in comparison.joined.alone else f"{focus}/{case}", shape)
        for case, focus, shape in expectations(comparison.world)
    }
    found = {(result[0], result[4]) for said in comparison.results(REFERENCE).values() for result in said}
    assert found == expected


def expectations(world: World) -> Iterator[tuple[str, str, str]]:
    for case in INVALID:
        for focus, shape, _ in world.expected(case):
            yield case.stem, str(focus), str(shape)


def test_exceptions_are_explained() -> None:
    for each in EXCEPTIONS:
        assert each["engine"] in NATIVE
        assert len(each["reason"]) > 30


@pytest.mark.parametrize("engine", NATIVE)
def test_an_engine_has_the_same_findings_on_the_real_data_whole_and_with_gaps(
    repository: Repository, engine: str
) -> None:
    """With all they hold: rules, places to look at, sentences in all languages and hints."""
    whole, shapes = repository.quads("ontology", "data"), repository.quads("shapes")
    faulty = [quad for number, quad in enumerate(whole) if number % 7]
    assert validate(whole, shapes, engine) == validate(whole, shapes)
    expected = validate(faulty, shapes)
    assert len(expected) > 500
    assert validate(faulty, shapes, engine) == expected


VALUES = [
    *(":a", ":b", "_:x", "1", "01", "1.5", "true", '"x"', '"abc"', '"x"@nb', '"y"@en', '"Y"@en-GB'),
    *('"2030-01-01"^^xsd:date', '"2031-01-01"^^xsd:date', '"x"^^xsd:integer'),
]
CONSTRAINTS = [
    *("sh:minCount 1", "sh:maxCount 1", "sh:datatype xsd:integer"),
    "sh:datatype xsd:integer ; sh:minInclusive 1",
    *("sh:nodeKind sh:IRI", "sh:nodeKind sh:Literal", "sh:class :D", "sh:hasValue :b", 'sh:hasValue "x"'),
    *('sh:in ( 1 "x" :a )', "sh:equals :q", "sh:disjoint :q", "sh:lessThan :q", "sh:lessThanOrEquals :q"),
    *("sh:uniqueLang true", 'sh:languageIn ( "en" "nb" )', "sh:not [ sh:class :D ]", "sh:maxLength 1"),
    *("sh:property [ sh:path :q ; sh:minCount 1 ]", "sh:node :N", "sh:minInclusive 1", "sh:maxExclusive 1.2"),
    *('sh:minInclusive "2030-06-01"^^xsd:date', 'sh:pattern "^[ay]"', 'sh:pattern "X" ; sh:flags "i"'),
    "sh:or ( [ sh:class :D ] [ sh:datatype xsd:string ] )",
    "sh:and ( :N [ sh:nodeKind sh:BlankNodeOrIRI ] )",
    'sh:xone ( [ sh:minLength 1 ] [ sh:languageIn ( "nb" ) ] )',
    "sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMinCount 1",
    'sh:qualifiedValueShape [ sh:languageIn ( "nb" ) ] ; sh:qualifiedMinCount 1',
    "sh:qualifiedValueShape [ sh:datatype xsd:string ] ; sh:qualifiedMaxCount 0",
    'sh:sparql [ sh:select "SELECT $this ?value { $this <http://x/p> ?value . FILTER ISLITERAL(?value) }" ]',
]  # fmt: skip
TARGETS = [
    *("sh:targetClass :C", "sh:targetNode :a", 'sh:targetNode "x"', "sh:targetSubjectsOf :p"),
    *("sh:targetObjectsOf :q", "a rdfs:Class"),
]
PATHS = [
    *(":p", ":p", ":p", "[ sh:inversePath :p ]", "( :p :q )", "[ sh:alternativePath ( :p :q ) ]"),
    *("[ sh:zeroOrMorePath :p ]", "[ sh:oneOrMorePath :p ]", "[ sh:zeroOrOnePath :p ]"),
]
SUBJECT = st.sampled_from([":a", ":b", ":c", "_:x"])
TRIPLE = st.one_of(
    st.tuples(SUBJECT, st.just("a"), st.sampled_from([":C", ":D", ":E"])),
    st.tuples(SUBJECT, st.sampled_from([":p", ":q"]), st.sampled_from(VALUES)),
)


def parsed(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def shapes_of(path: str, constraints: list[str], targets: list[str], closed: str, words: str) -> str:
    return (
        f":S a sh:NodeShape ; {' ; '.join(targets)} ; sh:closed {closed} ; sh:property :P , :Q ."
        f":P sh:path {path} {words} ; {' ; '.join(constraints)} . :Q sh:path :q ; sh:maxCount 2 ."
        ":N a sh:NodeShape ; sh:property [ sh:path :q ; sh:minCount 1 ] ."
    )


SHAPES = st.builds(
    shapes_of,
    st.sampled_from(PATHS),
    st.lists(st.sampled_from(CONSTRAINTS), min_size=1, max_size=2, unique_by=lambda each: each.split()[0]),
    st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2, unique=True),
    st.sampled_from(["true", "false"]),
    st.sampled_from(["", '; sh:message "Slik."@nb , "So."@en ; sh:severity sh:Warning']),
)


@pytest.mark.parametrize("engine", NATIVE)
@settings(max_examples=60)
@given(triples=st.lists(TRIPLE, min_size=1, max_size=12), shapes=SHAPES)
def test_engines_agree_on_anything(engine: str, triples: list[tuple[str, str, str]], shapes: str) -> None:
    data = parsed(":E rdfs:subClassOf :C ." + " ".join(f"{' '.join(triple)} ." for triple in triples))
    wanted = parsed(shapes)
    assert unlabelled(validate(data, wanted, engine)) == unlabelled(validate(data, wanted))


def unlabelled(findings: list[Finding]) -> set[tuple[object, ...]]:
    """Findings without what blank nodes of shapes are called in."""
    return {(each.thing, each.path, each.value, each.severity, each.component) for each in findings}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("constraint", ["lessThan", "lessThanOrEquals"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ('"x"^^xsd:date', '"2030-01-01"^^xsd:date'),
            ('"2030-01-01"^^xsd:date', "1"),
            (":b", "1"),
            ("1", ":b"),
        ),
        *(("_:x", '"2030-01-01"^^xsd:date'), ("1", "_:x"), ('"1"', "2"), ("true", "2"), ("2", "1.5")),
        *(('"b"', '"a"'), ('"2031-01-01"^^xsd:date', '"2030-01-01"^^xsd:date')),
    ],
)
def test_what_cannot_be_compared_is_a_fault_like_what_is_in_the_wrong_order(
    engine: str, constraint: str, one: str, other: str
) -> None:
    """A fault of the data, that is: pySHACL by itself gives up on some of these, and so on all shapes."""
    shapes = parsed(f":P sh:targetNode :a ; sh:path :p ; sh:{constraint} :q .")
    [finding] = validate(parsed(f":a :p {one} ; :q {other} ."), shapes, engine)
    assert finding.rule == "http://x/P"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("1", "1.5"), ('"a"', '"b"'), ('"2030-01-01"^^xsd:date', '"2030-01-02"^^xsd:date')),
        ('"2030-01-01T12:00:00Z"^^xsd:dateTime', '"2030-01-01T12:30:00+00:00"^^xsd:dateTime'),
    ],
)
def test_what_is_in_order_is_no_fault(engine: str, one: str, other: str) -> None:
    shapes = parsed(
        ":P sh:targetNode :a ; sh:path :p ; sh:lessThan :q ."
        ":O sh:targetNode :a ; sh:path :p ; sh:lessThanOrEquals :p ."
    )
    assert validate(parsed(f":a :p {one} ; :q {other} ."), shapes, engine) == []


@pytest.mark.parametrize("engine", NATIVE)
def test_a_message_of_the_shape_comes_in_its_languages(engine: str) -> None:
    shapes = ':P sh:targetClass :C ; sh:path :p ; sh:minCount 1 ; sh:message "Éin."@nn , "Én."@nb .'
    [finding] = validate(parsed(":a a :C ."), parsed(shapes), engine)
    assert finding.message == {"nb": "Én.", "nn": "Éin."}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "shapes",
    [
        ":P sh:path :p ; sh:minCount 'one' .",
        ":P sh:path :p , :q ; sh:minCount 1 .",
        ":P sh:path :p ; sh:pattern '(' .",
        ":P sh:path :p ; sh:sparql [ sh:select 'SELECT' ] .",
    ],
)
def test_no_engine_runs_shapes_that_cannot_be_run(engine: str, shapes: str) -> None:
    stated = Triples.of(parsed(f":S sh:targetClass :C ; sh:property :P . {shapes}"))
    with pytest.raises(Unusable):
        run(engine, parsed(":a a :C ; :p :b ."), stated)


@pytest.mark.parametrize("engine", NATIVE)
@pytest.mark.parametrize(
    "inner",
    [
        "sh:or ( [ sh:datatype xsd:date ] [ sh:nodeKind sh:IRI ] )",
        "sh:property [ sh:path :q ; sh:maxCount 1 ]",
        "sh:node [ sh:minLength 2 ]",
        'sh:in ( "abc" :v 5 )',
        "sh:in ()",
    ],
)
def test_a_shape_for_values_means_the_same_of_texts_and_things(engine: str, inner: str) -> None:
    """Also where the shape has lists of its own, which ``sh:node`` is not to be taken for."""
    shapes = Triples.of(
        parsed(f"""
        :S sh:targetClass :C ; sh:property :P , :Q , :R . :R sh:path :p ; {inner} .
        :P sh:path :p ; sh:node :D , :E . :Q sh:path :p ; sh:node :D ; sh:and ( :D ) ; sh:or ( :E :D ) .
        :D a sh:NodeShape ; {inner} . :E a sh:NodeShape ; sh:nodeKind sh:Literal .""")
    )
    values = ['"2020-01-01"^^xsd:date', '"abc"', '"abc"@nb', "5", ":v", "[ :q 1 ]"]
    data = parsed(" ".join(f":a{number} a :C ; :p {value} ." for number, value in enumerate(values)))
    found = results(run(engine, data, shapes), shapes)
    assert found == results(run(REFERENCE, data, shapes), shapes)
    assert found


@pytest.mark.parametrize("engine", NATIVE)
def test_shapes_that_refer_to_themselves_go_to_the_reference(engine: str) -> None:
    """About them the standard leaves engines free, and some do not come back."""
    data = parsed(":a a :C ; :q 1 ; :p :b . :b a :C ; :p :a .")
    for again in ("sh:node :S", "sh:and ( :S )", "sh:not [ sh:not :S ]", "sh:property :P ; sh:minCount 2"):
        shapes = Triples.of(
            parsed(f"""
            :S sh:targetClass :C ; sh:property :P , :Q . :P sh:path :p ; {again} .
            :Q sh:path :q ; sh:minCount 1 .""")
        )
        found = results(run(engine, data, shapes), shapes)
        assert found == results(run(REFERENCE, data, shapes), shapes)
        assert found


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_leaves_the_shapes_as_they_are(engine: str, repository: Repository) -> None:
    shapes = Triples.of(repository.quads("shapes"))
    before = list(shapes)
    run(engine, [], shapes)
    assert list(shapes) == before


@pytest.mark.parametrize("engine", ENGINES)
def test_no_shapes_find_nothing(engine: str) -> None:
    assert run(engine, parsed(":a :p :b ."), Triples()) == []


def test_a_blank_path_of_a_result_can_be_read() -> None:
    shapes = Triples.of(
        parsed(":P sh:targetNode :a ; sh:path ( :p [ sh:inversePath :q ] ) ; sh:minCount 1 .")
    )
    for engine in ENGINES:
        [result] = run(engine, [], shapes)
        assert isinstance(result.path, ox.BlankNode)
        assert show_path(shapes, result.path) == "http://x/p/^http://x/q"


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(SettingsError, match="Allowed: pyshacl, shacl-rust, shifty"):
        choose("jena")


def test_a_missing_engine_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, bibgraph: Callable[..., Outcome]
) -> None:
    monkeypatch.setitem(ENGINES, "shifty", ("no_such_package_here", "shifty"))
    outcome: Outcome = bibgraph("check", "--engine", "shifty")
    assert outcome.code == 2
    assert "shifty is not installed" in outcome.err
    assert "pip install 'bibgraph[fast]'" in outcome.err


@pytest.mark.parametrize("engine", NATIVE)
def test_the_command_line_says_the_same_with_each_engine(
    bibgraph: Callable[..., Outcome], engine: str
) -> None:
    reference: Outcome = bibgraph("check", "--format", "json")
    other: Outcome = bibgraph("check", "--format", "json", "--engine", engine)
    assert (other.code, other.out) == (reference.code, reference.out)


def test_shapes_with_names_stay_named(comparison: Comparison) -> None:
    """No result is that of a shape that a rewriting has made."""
    for engine in NATIVE:
        shapes = {result[4] for said in comparison.results(engine).values() for result in said}
        assert all((URIRef(shape), None, None) in comparison.world.shapes for shape in shapes)
