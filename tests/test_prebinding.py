"""Queries in shapes see the values that they are run for wherever SHACL says that they stand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from bibgraph.errors import QueryError
from bibgraph.validation import validate
from bibgraph.validation.engines.prebinding import prebind

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
"""
DATA = PREFIXES + 'ex:a a ex:Thing ; ex:p "x" . ex:b a ex:Thing ; ex:p ex:a . [] a ex:Thing ; ex:p "blank" .'


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


def foci(constraint: str, data: str = DATA) -> list[str]:
    """The things, by their last names, that a node shape over all of the class finds fault with."""
    shapes = PREFIXES + constraint
    return sorted(each.thing.rpartition("/")[2] for each in validate(quads(data), quads(shapes)))


def with_query(select: str) -> str:
    return f"ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql [ sh:select '''{select}''' ] ."


@pytest.mark.parametrize(
    ("select", "found"),
    [
        ("SELECT $this { $this <https://example.org/p> <https://example.org/a> }", ["b"]),
        ("SELECT $this { { { FILTER ($this = <https://example.org/a>) } FILTER bound($this) } }", ["a"]),
        ("SELECT $this { { FILTER bound($this) } $this <https://example.org/p> 'x' }", ["a"]),
        (
            "SELECT $this { { FILTER ($this = <https://example.org/b>) BIND (1 AS ?n) } FILTER (?n) }",
            ["b"],
        ),
        (
            """SELECT $this ?n { { SELECT $this (COUNT(?v) AS ?n)
            { $this <https://example.org/p> ?v FILTER isIRI(?v) } GROUP BY $this } }""",
            ["b"],
        ),
    ],
)
def test_a_value_is_seen_in_each_group(select: str, found: list[str]) -> None:
    assert foci(with_query(select)) == found


COMPONENT = """
ex:Component a sh:ConstraintComponent ;
  sh:parameter [ sh:path ex:other ] ; sh:parameter [ sh:path ex:spare ; sh:optional true ] ;
  sh:validator [
    a sh:SPARQLAskValidator ;
    sh:ask "ASK { FILTER ($value != $other && $value != COALESCE(?spare, 1)) }" ] .
ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; ex:other ex:a {more} .
"""


@pytest.mark.parametrize(("more", "found"), [("", ["a"]), ("; ex:spare ex:b", ["a", "b"])])
def test_the_parameters_of_a_component_are_seen_by_its_question(more: str, found: list[str]) -> None:
    assert foci(COMPONENT.replace("{more}", more)) == found


def test_a_blank_node_can_be_asked_about() -> None:
    asked = prebind("ASK { $value <urn:p> ?any }", {}, ["value"])
    assert (asked.text, asked.asks) == ("SELECT ?value WHERE { $value <urn:p> ?any }", True)
    found = foci(
        "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:wants ] ; sh:validator [ "
        'a sh:SPARQLAskValidator ; sh:ask "ASK { $value ?p ?any FILTER (?any = $wants) }" ] . '
        'ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; ex:wants "blank" .'
    )
    assert found == ["a", "b"]


def test_prefixes_come_along_with_what_is_imported() -> None:
    declared = (
        'ex:Far sh:declare [ sh:prefix "e" ; sh:namespace "https://example.org/"^^xsd:anyURI ] . '
        "ex:Near owl:imports ex:Between . ex:Between owl:imports ex:Far, ex:Near . "
    )
    asked = (
        'ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql [ sh:prefixes ex:Near ; sh:select "{}" ] .'
    )
    assert foci(declared + asked.format("SELECT $this { $this e:p e:a }")) == ["b"]


def test_braces_of_data_and_of_inner_queries_are_left_alone() -> None:
    text = 'SELECT ?v { VALUES (?v) { ("{") } { SELECT ?v { ?v ?p ?o } } # {\n }'
    stated = " VALUES ?v { <urn:v> }"
    assert prebind(text, {"v": "<urn:v>", "absent": "1"}).text == (
        f'SELECT ?v {{{stated} VALUES (?v) {{ ("{{") }} {{ SELECT ?v {{{stated} ?v ?p ?o }} }} # {{\n }}'
    )


def test_what_is_no_sparql_is_left_to_the_engine_to_complain_of() -> None:
    with pytest.raises(QueryError):
        prebind("SELECT $this { \\ }", {"this": "<urn:a>"})
    [finding] = validate(quads(DATA), quads(PREFIXES + with_query("SELECT $this { } }")))
    assert finding.rule == "shapes-unusable"
