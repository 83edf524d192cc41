"""pySHACL's verdicts come through as findings; the shortcuts on the way change none of them."""

import logging
from collections.abc import Iterable

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyshacl.errors import ReportableRuntimeError
from pyshacl.rdfutil import clone
from rdflib import RDF, SH, BNode, Graph

from bibgraph.findings import Finding, Severity
from bibgraph.messages import LANGUAGES
from bibgraph.repository import Repository
from bibgraph.turtle import from_rdflib, to_rdflib
from bibgraph.validation import validate
from bibgraph.validation.flatten import flatten
from bibgraph.validation.triples import Triples

PREFIXES = """
@prefix : <http://x/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

SHAPES = """
:S a sh:NodeShape ; sh:targetClass :C ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
    sh:property :S-n , :S-s , :S-in , :S-ref , :S-lang , :S-path , :S-or ,
        [ sh:path :blank ; sh:maxCount 0 ] ;
    sh:message "Bare disse."@nb , "Only these."@en .
:S-n sh:path :n ; sh:minCount 1 ; sh:maxCount 2 ; sh:datatype xsd:integer ;
    sh:message "Ett heltall."@nb , "Eitt heiltal."@nn , "One integer."@en .
:S-s sh:path :s ; sh:pattern "^a" ; sh:minLength 2 ; sh:severity sh:Warning .
:S-in sh:path :in ; sh:in ( "nb" "nn" 1 :a ) ; sh:severity sh:Info .
:S-ref sh:path :ref ; sh:class :D ; sh:nodeKind sh:IRI ; sh:node :Named .
:S-lang sh:path :lang ; sh:uniqueLang true ; sh:languageIn ( "nb" "en" ) .
:S-path sh:path ( :ref [ sh:inversePath :back ] ) ; sh:maxCount 1 .
:S-or sh:path :either ; sh:or ( [ sh:datatype xsd:date ] [ sh:hasValue "open" ] ) ;
    sh:lessThan :n ; sh:property :Inner .
:Inner sh:path :deep ; sh:minCount 1 .
:Named a sh:NodeShape ; sh:property :Named-name .
:Named-name sh:path :name ; sh:minCount 1 .
:Also a sh:NodeShape ; sh:targetSubjectsOf :name ; sh:targetNode :a ; sh:property :Named-name , :S-n .
:Off a sh:NodeShape ; sh:targetClass :C ; sh:deactivated true ; sh:property :Off-x .
:Off-x sh:path :never ; sh:minCount 3 .
:D a rdfs:Class , sh:NodeShape ; sh:property :D-name .
:D-name sh:path :name ; sh:maxCount 1 .
:Hand a sh:NodeShape ; sh:targetClass :D ; sh:property :Thumb , :Finger .
:Thumb sh:path :digit ; sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1 ;
    sh:qualifiedValueShapesDisjoint true .
:Finger sh:path :digit ; sh:qualifiedValueShape [ sh:class :E ] ; sh:qualifiedMinCount 1 ;
    sh:qualifiedValueShapesDisjoint true .
:Asked a sh:NodeShape ; sh:targetClass :C ; sh:sparql [
    sh:message "{?value} er for stort for {$this}."@nb , "{?value} is too much."@en ;
    sh:select "SELECT $this ?value WHERE { $this <http://x/n> ?value . FILTER (?value > 100) }" ] .
"""

DATA = """
:C rdfs:subClassOf :B . :Sub rdfs:subClassOf :C .
:a a :C ; :n 1 ; :s "abc" ; :in "nb" , 1 , :a ; :ref :d1 ; :lang "x"@nb , "x"@en ; :either "open" .
:b a :C ; :n 1 , 2 , 300 ; :s "b" ; :in "da" , "nb"@nb , "1" ; :ref :a , "d" , :d2 ; :lang "x"@nb , "y"@nb .
:c a :Sub ; :n "1" , "x"^^xsd:integer ; :other 1 ; :blank 1 ; :ref [ a :D ] ; :either "2030-13-01"^^xsd:date .
:d1 a :D ; :name "D" ; :digit :a . :d2 a :D ; :name "D" , "E" ; :digit :a , :e . :e a :C , :E . :x :back :d1 .
:y :back :d1 . :z a :B . :s a :C ; :in "nb"^^xsd:string , 01 , 1.0 ; :n 01 .
"""


def graph(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def check(shapes: str, data: str) -> list[Finding]:
    return validate(graph(data), graph(shapes))


def results(report: Graph) -> set[tuple[str, ...]]:
    told = (
        SH.focusNode,
        SH.resultPath,
        SH.value,
        SH.sourceShape,
        SH.sourceConstraintComponent,
        SH.resultSeverity,
    )

    def show(node: object) -> str:
        return "a blank node" if isinstance(node, BNode) else str(node)

    [top] = report.subjects(RDF.type, SH.ValidationReport)
    return {
        tuple(show(report.value(result, each)) for each in told) for result in report.objects(top, SH.result)
    }


def plain(data: Iterable[ox.Quad], shapes: Graph) -> set[tuple[str, ...]]:
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    try:
        _, report, _ = pyshacl.validate(to_rdflib(data), shacl_graph=shapes, inference="none")
    except ReportableRuntimeError:  # such as sh:lessThan with a blank node
        return {("failed",)}
    return results(report)


def flat(shapes: Graph) -> Graph:
    return to_rdflib(flatten(Triples.of(from_rdflib(shapes))).quads())


def test_flat_shapes_give_the_results_of_the_shapes_themselves() -> None:
    data, shapes = graph(DATA), to_rdflib(graph(SHAPES))
    expected = plain(data, shapes)
    assert len(expected) > 20
    assert plain(data, flat(shapes)) == expected


def test_shapes_are_flattened_where_that_is_safe_and_left_alone_elsewhere() -> None:
    flat_shapes = flat(to_rdflib(graph(SHAPES)))
    kept = {str(shape).removeprefix("http://x/") for shape in flat_shapes.subjects(SH.property, None)}
    assert kept == {"S-or", "Named", "Off", "D", "Hand"}


def test_flattening_leaves_its_argument_as_it_was() -> None:
    shapes = Triples.of(graph(SHAPES))
    before = list(shapes)
    flatten(shapes)
    assert list(shapes) == before


def test_findings_are_the_results_of_plain_pyshacl() -> None:
    data, shapes = graph(DATA), graph(SHAPES)
    expected = {
        # A blank shape is named by the shape that it stands in.
        (focus, "http://x/S" if shape == "a blank node" else shape, severity.rpartition("#")[2].upper())
        for focus, _, _, shape, _, severity in plain(data, to_rdflib(shapes))
    }
    # rdflib's SPARQL finds texts greater than numbers; Oxigraph, as the standard has it, cannot compare them.
    expected.remove(("http://x/c", "http://x/Asked", "VIOLATION"))
    found = {(bare(each.thing), each.rule, each.severity.name) for each in validate(data, shapes)}
    assert found == expected


def bare(thing: str) -> str:
    """A focus node as ``results`` shows it: a literal by its characters alone."""
    if thing.startswith("_:"):
        return "a blank node"
    return thing.split('"')[1] if thing.startswith('"') else thing


def things(findings: list[Finding], rule: str) -> list[tuple[str, str, str]]:
    return [(each.thing, each.path, each.value) for each in findings if each.rule == f"http://x/{rule}"]


def test_what_hangs_on_a_finding_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("copied")

    monkeypatch.setattr(clone, "clone_list", fail)
    shapes = ":L a sh:NodeShape ; sh:targetObjectsOf :list, rdf:rest ; sh:nodeKind sh:IRI ."
    assert len(check(shapes, ":a :list ( 1 1 1 ) .")) == 3


def test_a_finding_tells_thing_path_and_value() -> None:
    findings = check(SHAPES, DATA)
    assert set(things(findings, "S-s")) == {("http://x/b", "http://x/s", '"b"')}
    assert ("http://x/c", "http://x/n", '"x"^^xsd:integer') in things(findings, "S-n")
    assert ("http://x/c", "http://x/other", '"1"^^xsd:integer') in things(findings, "S")
    assert things(findings, "S-path") == [("http://x/a", "http://x/ref/^http://x/back", "")]


def test_strings_and_numbers_are_what_they_mean_however_written() -> None:
    """An Oxigraph store writes 01 as 1 and gives strings a datatype; shapes must see the same."""
    rows = things(check(SHAPES, DATA), "S-in")
    assert [row for row in rows if row[0] == "http://x/a"] == []
    assert ("http://x/s", "http://x/in", '"nb"') not in rows
    assert ("http://x/s", "http://x/in", '"1"^^xsd:integer') not in rows


def test_messages_come_in_all_languages_that_the_shape_has() -> None:
    shapes = (
        ":S sh:targetClass :C ; sh:property :P . :P sh:path :p ; sh:minCount 1 ; "
        'sh:message "Ett heltall."@nb , "Eitt heiltal."@nn , "One integer."@en .'
    )
    [finding] = check(shapes, ":q a :C .")
    assert finding.message == {"nb": "Ett heltall.", "nn": "Eitt heiltal.", "en": "One integer."}
    assert finding.text("nn") == "Eitt heiltal."


def test_messages_of_sparql_constraints_keep_their_languages() -> None:
    [finding] = [each for each in check(SHAPES, DATA) if each.rule == "http://x/Asked"]
    assert finding.message == {"nb": "300 er for stort for http://x/b.", "en": "300 is too much."}


def test_a_shape_without_a_message_says_something_all_the_same() -> None:
    [finding] = check(":S sh:targetClass :C ; sh:property :P . :P sh:path :p ; sh:minCount 1 .", ":a a :C .")
    assert all("http://x/p" in finding.text(language) for language in LANGUAGES)


def test_severities() -> None:
    by_rule = {each.rule.rpartition("/")[2]: each.severity for each in check(SHAPES, DATA)}
    assert by_rule["S-s"] is Severity.WARNING
    assert by_rule["S-in"] is Severity.INFO
    assert by_rule["S-n"] is Severity.VIOLATION


def test_a_fault_is_told_once_though_several_constraints_find_it() -> None:
    shapes = (
        ":S sh:targetClass :C ; sh:property :P . :N sh:class :D . "
        ':P sh:path :p ; sh:class :D ; sh:node :N ; sh:message "!"@en .'
    )
    assert len(check(shapes, ":a a :C ; :p :b .")) == 1


def test_what_follows_is_not_taken_for_stated() -> None:
    """With inference, rdfs:range would make everything pass."""
    shapes = ":S sh:targetClass :C ; sh:property :P . :P sh:path :p ; sh:class :D ."
    assert len(check(shapes, ":p rdfs:range :D . :a a :C ; :p :b .")) == 1


def test_subclasses_of_a_target_are_looked_at() -> None:
    shapes = ":S sh:targetClass :B ; sh:property :P . :P sh:path :p ; sh:minCount 1 ."
    found = check(shapes, ":C rdfs:subClassOf :B . :a a :C . :b a :X .")
    assert [each.thing for each in found] == ["http://x/a"]


@pytest.mark.parametrize(
    "shapes",
    [
        ":S sh:targetClass :C ; sh:property :P . :P sh:path :p , :q ; sh:minCount 1 .",
        ":S sh:targetClass :C ; sh:property :P . :P sh:path :p ; sh:minCount 'one' .",
        ":S sh:targetClass :C ; sh:property :P . :P sh:path :p ; sh:pattern '(' .",
        ":S a sh:PropertyShape ; sh:targetClass :C .",
        ":S sh:targetClass :C ; sh:sparql [ sh:select 'SELECT' ] .",
    ],
)
def test_shapes_that_cannot_be_run_are_a_finding(
    shapes: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    [finding] = check(shapes, ":a a :C ; :p :b .")
    assert (finding.rule, finding.severity) == ("shapes-unusable", Severity.VIOLATION)
    assert "cannot be run" in finding.text("en")
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_nothing_is_logged_about_ill_typed_values(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check(SHAPES, ':a a :C ; :n "x"^^xsd:integer .')
    assert (caplog.text, capfd.readouterr()) == ("", ("", ""))
    assert not logging.getLogger("rdflib.term").disabled


def test_recursive_shapes_end() -> None:
    shapes = ":S sh:targetClass :C ; sh:property :P . :P sh:path :p ; sh:node :S ."
    assert check(shapes, ":a a :C ; :p :b . :b a :C ; :p :a .") == []


def test_the_order_of_statements_does_not_matter() -> None:
    data, shapes = graph(DATA), graph(SHAPES)
    assert [*map(repr, validate(data, shapes))] == [*map(repr, validate(data[::-1], shapes[::-1]))]


VALUE = st.sampled_from([":a", ":b", "1", "02", '"x"', '"x"@nb', '"2030-01-01"^^xsd:date', "_:x", "true"])
TRIPLE = st.tuples(st.sampled_from([":a", ":b", ":c", "_:x"]), st.sampled_from([":p", ":q", "a"]), VALUE)
CONSTRAINT = st.sampled_from(
    [
        "sh:minCount 1", "sh:maxCount 1", "sh:datatype xsd:integer", "sh:nodeKind sh:IRI", "sh:class :D",
        "sh:hasValue :b", 'sh:hasValue "x"', 'sh:in ( 1 "x" :a )', "sh:equals :q", "sh:disjoint :q",
        "sh:lessThan :q", "sh:uniqueLang true", "sh:not [ sh:class :D ]", "sh:maxLength 1",
        "sh:property [ sh:path :q ; sh:minCount 1 ]",
    ]
)  # fmt: skip
TARGET = st.sampled_from(
    [
        "sh:targetClass :C",
        "sh:targetNode :a",
        "sh:targetSubjectsOf :p",
        "sh:targetObjectsOf :q",
        "a rdfs:Class",
    ]
)


@settings(max_examples=40)
@given(
    st.lists(TRIPLE, max_size=10),
    st.lists(TARGET, min_size=1, max_size=2, unique=True),
    st.lists(CONSTRAINT, min_size=1, max_size=3, unique=True),
    st.sampled_from(["true", "false"]),
)
def test_flat_shapes_give_the_same_results_whatever_the_data(
    triples: list[tuple[str, str, str]], targets: list[str], constraints: list[str], closed: str
) -> None:
    data = graph(
        " ".join(f"{s} {p} {':C' if p == 'a' and not o.startswith(':') else o} ." for s, p, o in triples)
    )
    shapes = to_rdflib(
        graph(
            f":S a sh:NodeShape ; {' ; '.join(targets)} ; sh:closed {closed} ; sh:property :P , :Q ."
            f":P sh:path :p ; {' ; '.join(constraints)} . :Q sh:path :q ; sh:maxCount 2 ."
        )
    )
    assert plain(data, flat(shapes)) == plain(data, shapes)


def test_the_real_shapes_give_the_same_results_flat(repository: Repository) -> None:
    data, shapes = repository.quads("ontology", "data"), repository.quads("shapes")
    faulty = [quad for number, quad in enumerate(data) if number % 7]
    found = {
        (each.thing, each.rule, each.severity.name) for each in validate(faulty, shapes)
    }  # fmt: skip
    expected = {
        (focus, shape, severity.rpartition("#")[2].upper())
        for focus, _, _, shape, _, severity in plain(faulty, to_rdflib(shapes))
    }
    assert len(expected) > 100
    assert found == expected
