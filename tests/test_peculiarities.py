"""Where the engine answers otherwise than SPARQL 1.1 wants, as docs/engines.md tells."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from bibgraph.errors import QueryError
from bibgraph.store.embedded import EmbeddedStore

STORE = EmbeddedStore(ox.parse(b"<x:s> <x:p> <x:o> ; <x:q> <x:o> .", format=ox.RdfFormat.TURTLE), "test")


GRAPHS = EmbeddedStore(
    ox.parse(b"<x:g> { <x:s> <x:p> 1 , 2 } <x:h> { <x:s> <x:p> 2 , 3 }", format=ox.RdfFormat.TRIG), "test"
)


def answer(text: str, store: EmbeddedStore = STORE) -> list[list[str | None]]:
    found = store.query(text)
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


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ('SELECT ?x { VALUES ?x { "10" 10 3 } } ORDER BY ?x', [["10"], ["10"], ["3"]]),
        ('SELECT ?x { VALUES ?x { "10" 10 3 } FILTER isNumeric(?x) } ORDER BY ?x', [["3"], ["10"]]),
        ('SELECT (MAX(?x) AS ?m) { VALUES ?x { 10 "2" 9 } }', [["9"]]),
        ("SELECT ?x { VALUES ?x { 123456789012345678901234567890 5 } FILTER(?x > 4) }", [["5"]]),
        ("SELECT (9223372036854775807 + 1 AS ?n) {}", [[None]]),
        ("SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p [] BIND(1 AS ?one) }", [["2"]]),
        ("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s { ?s ?p [] } }", [["1"]]),
        (
            "SELECT ?n { ?x <x:p> ?z OPTIONAL { ?x <x:q> ?w OPTIONAL { BIND(COALESCE(?z, 7) AS ?n) } } }",
            [["x:o"]],
        ),
        ("SELECT ?x { VALUES ?x { 1 } FILTER(REGEX('e', '[a-z-[aeiou]]')) }", [["1"]]),
        ("SELECT ?x { VALUES ?x { 1 } FILTER(REGEX('aa', '(a)\\\\1')) }", []),
        ("SELECT ?x { VALUES ?x { 1 } FILTER('a'@en) }", []),
        ("SELECT (COUNT(?x + 0) AS ?n) { VALUES ?x { 1 'a' 3 } }", [[None]]),
        ("SELECT (COUNT(?y) AS ?n) { VALUES ?x { 1 'a' 3 } BIND(?x + 0 AS ?y) }", [["2"]]),
        ("SELECT (COUNT(DISTINCT ?b) AS ?n) { VALUES ?x { 1 2 3 } BIND(BNODE('p') AS ?b) }", [["1"]]),
        ("SELECT (COUNT(DISTINCT ?b) AS ?n) { VALUES ?x { 1 2 3 } BIND(BNODE() AS ?b) }", [["3"]]),
        ("SELECT (BNODE('a b') AS ?b) {}", [[None]]),
        ("SELECT ?x { VALUES ?x { 1 } } GROUP BY (?x AS ?y)", [["1"]]),
        ("SELECT (SUM(COUNT(?x)) AS ?n) { VALUES ?x { 1 } }", [[None]]),
    ],
)
def test_orders_numbers_and_counts(text: str, given: list[list[str | None]]) -> None:
    assert answer(text) == given


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("SELECT ?g ?n { GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } } }", [[None, "4"]]),
        ("SELECT ?g ?y { GRAPH ?g { VALUES ?y { 1 } } }", [[None, "1"]]),
        (
            "SELECT * { { SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g } } ORDER BY ?g",
            [["x:g", "2"], ["x:h", "2"]],
        ),
    ],
)
def test_graph_around_another_select(text: str, given: list[list[str | None]]) -> None:
    assert answer(text, GRAPHS) == given


def test_sums_of_texts_and_unknown_functions() -> None:
    assert answer("SELECT (GROUP_CONCAT(?n) AS ?all) { VALUES ?n { 1 2 } }") == [[None]]
    assert answer("SELECT (GROUP_CONCAT(STR(?n)) AS ?all) { VALUES ?n { 1 2 } }") == [["1 2"]]
    with pytest.raises(QueryError, match="cannot do this"):
        STORE.query("SELECT (<x:function>(1) AS ?x) {}")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s !() ?x }",
        "SELECT (BNODE () AS ?x) {}",
        "SELECT ?s (COUNT(?p) AS ?c) (?c + 1 AS ?d) { ?s ?p ?o } GROUP BY ?s",
    ],
)
def test_what_the_grammar_has_and_the_engine_has_not_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        STORE.query(text)
