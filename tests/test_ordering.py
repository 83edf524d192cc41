"""ORDER BY by the kind of each value first: what SPARQL puts in order keeps it, and all of it is found."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.sparql.guard import check
from bibgraph.sparql.ordering import by_kind

XSD = "http://www.w3.org/2001/XMLSchema#"
KINDS = {
    "number": ["1", "-2", "1.5", "2e3", "0.1", "7", "-7.25", "30"],
    "string": ["'a'", "'aZ'", "'b'", "'b+01:00'", "'Z'", "''", "'10'", "'9'"],
    "date": [f"'2020-0{month}-0{month}'^^<{XSD}date>" for month in range(1, 9)],
    "time": [f"'2020-01-01T0{hour}:00:00Z'^^<{XSD}dateTime>" for hour in range(8)],
    "iri": [f"<x:{letter}>" for letter in "abcdefgh"],
}
LONG = ("UNDEF", "'NaN'^^<http://www.w3.org/2001/XMLSchema#double>", "'a'@en", "'b'@nb", "true")


def rows(text: str) -> list[list[str]]:
    answer = ox.Store().query(text)
    if isinstance(answer, ox.QueryBoolean):
        return [[str(bool(answer))]]
    assert isinstance(answer, ox.QuerySolutions)
    return [[str(value) for value in row] for row in answer]


@given(st.sampled_from(sorted(KINDS)), st.data(), st.sampled_from(["?x", "ASC(?x)", "DESC(?x)", "(?x)"]))
def test_values_of_one_kind_come_in_the_same_order(kind: str, data: st.DataObject, condition: str) -> None:
    values = " ".join(data.draw(st.permutations(KINDS[kind])))
    text = f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY {condition}"
    assert rows(by_kind(text) or "") == rows(text)


@given(st.permutations([*(value for values in KINDS.values() for value in values[:3]), *LONG]))
def test_values_of_many_kinds_are_all_there_and_those_of_one_kind_in_their_order(
    values: Sequence[str],
) -> None:
    ordered = by_kind(f"SELECT ?x {{ VALUES ?x {{ {' '.join(values)} }} }} ORDER BY ?x") or ""
    found = [row[0] for row in rows(ordered)]
    assert len(found) == len(values)
    assert found[0] == "None"
    for kind in KINDS.values():
        some = [row[0] for row in rows(f"SELECT ?x {{ VALUES ?x {{ {' '.join(kind[:3])} }} }} ORDER BY ?x")]
        assert [value for value in found if value in some] == some


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES ?x { 2 1 } } ORDER BY ?x LIMIT 1",
        "SELECT * { VALUES ?x { 2 1 } } order by desc ( ?x ) OFFSET 1",
        "SELECT * { VALUES (?x ?y) { (2 1) (1 3) } } ORDER BY ?x DESC(?y) STR(?x) ?y",
        "SELECT * { VALUES ?x { 2 1 } } ORDER BY (?x # a bracket )\n + 1)",
        "SELECT ?x (COUNT(*) AS ?n) { VALUES ?x { 2 1 1 } } GROUP BY ?x ORDER BY DESC(COUNT(*)) LIMIT 1",
        f"SELECT * {{ VALUES ?x {{ 2 1 }} }} ORDER BY <{XSD}string>(?x) VALUES ?y {{ 1 2 }}",
        "SELECT * { { SELECT ?x { VALUES ?x { 3 2 1 } } ORDER BY ?x LIMIT 2 } } ORDER BY (-?x)",
        "SELECT * { VALUES ?x { 2 1 } } ORDER BY (?x IN (1, (2)))",
        "SELECT * { VALUES ?x { 2 1 } } ORDER BY ?x VALUES (?y) { (1) }",
        "SELECT * { { SELECT ?x { VALUES ?x { 2 1 } } ORDER BY ?x } MINUS { (1 2) <x:p> ?x } }",
        "ASK { { SELECT ?x { VALUES ?x { 2 1 } } ORDER BY ?x } (1 2) <x:p> ?x }",
    ],
)
def test_a_query_says_the_same_in_the_order_of_kinds(text: str) -> None:
    ordered = by_kind(text)
    assert ordered is not None
    check(ordered)
    assert rows(ordered) == rows(text)
    assert by_kind(ordered) is None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?order { ?order ?by 'ORDER BY ?x' }",
        "SELECT * { ?s ?p ?o } # ORDER BY ?o",
        "SELECT * { ?s ?p ?o } ORDER BY EXISTS { ?s a ?o }",
        "SELECT * { ?s ?p ?o } ORDER BY ?o (NOT EXISTS { ?s a ?o })",
    ],
)
def test_what_has_no_order_of_values_is_left_alone(text: str) -> None:
    assert by_kind(text) is None
