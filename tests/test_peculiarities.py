"""Where the engine answers otherwise than SPARQL 1.1 wants, as docs/engines.md tells."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from bibgraph.errors import QueryError
from bibgraph.store.embedded import EmbeddedStore

STORE = EmbeddedStore(ox.parse(b"<x:s> <x:p> <x:o> ; <x:q> <x:o> .", format=ox.RdfFormat.TURTLE), "test")


def answer(text: str) -> list[list[str | None]]:
    found = STORE.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return [
        [value.value if isinstance(value, ox.Literal | ox.NamedNode) else None for value in row]
        for row in found
    ]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("SELECT ?o { ?s <x:p>|<x:q> ?o }", [["x:o"]]),
        ("SELECT ?o { ?s !(<x:r>|^<x:r>) ?o FILTER(?o = <x:o>) }", [["x:o"]]),
        ("SELECT ?o { { ?s <x:p> ?o } UNION { ?s <x:q> ?o } }", [["x:o"], ["x:o"]]),
        ("SELECT ?o { <x:nowhere> <x:p>* ?o }", []),
        ("SELECT ?o { <x:nowhere> <x:p>? ?o }", []),
        ("SELECT ?o { <x:o> <x:p>* ?o }", [["x:o"]]),
    ],
)
def test_paths(text: str, given: list[list[str | None]]) -> None:
    assert answer(text) == given


@pytest.mark.parametrize(
    ("expression", "given"),
    [
        ("true > false", None),
        ("false < true", None),
        ("true = false", "false"),
        ("'a' = 1", "false"),
        ("SUBSTR('foobar', 1.5, 2)", None),
        ("REPLACE('abc', 'x*', '-')", "-a-b-c-"),
        ("REPLACE('abc', '(b)', CONCAT('$', '1c'))", "ac"),
    ],
)
def test_expressions(expression: str, given: str | None) -> None:
    assert answer(f"SELECT ({expression} AS ?value) {{}}") == [[given]]


def test_sums_of_texts_and_unknown_functions() -> None:
    assert answer("SELECT (GROUP_CONCAT(?n) AS ?all) { VALUES ?n { 1 2 } }") == [[None]]
    assert answer("SELECT (GROUP_CONCAT(STR(?n)) AS ?all) { VALUES ?n { 1 2 } }") == [["1 2"]]
    with pytest.raises(QueryError, match="cannot do this"):
        STORE.query("SELECT (<x:function>(1) AS ?x) {}")
