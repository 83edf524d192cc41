"""Queries for a part of an answer and for its length, made out of the text of the whole."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.catalogue.windows import counting, refuse_from, windowed
from bibgraph.errors import QueryError

COLUMNS = ["a", "b"]
DATA = "".join(
    f'<https://e/{n % 4}> <https://e/p> "{n % 3}"@nb , "{n % 3}"@nn , {n} , <https://e/q> .\n'
    for n in range(30)
)
QUERIES = [
    "SELECT ?a ?b { ?a <https://e/p> ?b }",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } ORDER BY ?a",
    "SELECT DISTINCT ?a ?b WHERE { ?a <https://e/p> ?b } ORDER BY DESC(?a) # LIMIT 1 in a comment",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } ORDER BY ?a STR(?b) LIMIT 9",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } order by strlen(str(?b)) offset 3 limit 8",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } LIMIT 5 # the first\n# and no more\n",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } OFFSET 20",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } LIMIT 0",
    "PREFIX e: <https://e/>\nSELECT ?a (COUNT(?x) AS ?b) { ?a e:p ?x } GROUP BY ?a HAVING (COUNT(?x) > 1)",
    "SELECT ?a ?b WHERE { { SELECT ?a ?b WHERE { ?a <https://e/p> ?b } ORDER BY ?b LIMIT 6 } } ORDER BY ?a",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } ORDER BY STR(?b) VALUES ?a { <https://e/1> <https://e/2> }",
    "SELECT ?a ?b WHERE { ?a <https://e/p> ?b } LIMIT 3 VALUES ?a { <https://e/1> }",
    "BASE <https://e/> SELECT ?a ?b WHERE { ?a <p> ?b FILTER (?b != 'LIMIT 1') }",
    "SELECT ?a ?b { SELECT ?a ?b { ?a <https://e/p> ?b } }",
]


@pytest.fixture(scope="module")
def store() -> ox.Store:
    held = ox.Store()
    held.bulk_extend(ox.parse(DATA, format=ox.RdfFormat.TURTLE))
    return held


def rows(store: ox.Store, text: str) -> list[tuple[str, ...]]:
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [tuple(str(row[name]) for name in names) for row in answer]


@pytest.mark.parametrize("query", QUERIES)
def test_windows_show_what_the_query_shows(store: ox.Store, query: str) -> None:
    plain, whole = rows(store, query), rows(store, windowed(query, COLUMNS))
    assert len(plain) == len(whole)
    if "LIMIT" not in query.upper() and "OFFSET" not in query.upper():
        assert sorted(plain) == sorted(whole)
    for limit in (1, 3, 100):
        parts = [
            rows(store, windowed(query, COLUMNS, limit, start))
            for start in range(0, len(whole) + limit, limit)
        ]
        assert [row for part in parts for row in part] == whole
    assert rows(store, windowed(query, COLUMNS, None, 2)) == whole[2:]


@pytest.mark.parametrize("query", QUERIES)
def test_rows_are_counted(store: ox.Store, query: str) -> None:
    [[count]] = rows(store, counting(query, COLUMNS))
    assert count == str(ox.Literal(len(rows(store, query))))


def test_a_column_may_be_called_as_the_count_would_be(store: ox.Store) -> None:
    query = "SELECT ?rows ?rows_ { ?rows <https://e/p> ?rows_ }"
    [[count]] = rows(store, counting(query, ["rows", "rows_"]))
    assert count == str(ox.Literal(len(rows(store, query))))


def test_the_querys_own_order_stays_in_front() -> None:
    query = "SELECT ?a ?b { ?a <https://e/p> ?b } ORDER BY DESC(?b)"
    text = windowed(query, COLUMNS, 5, 10)
    assert "} ORDER BY DESC(?b)\n    CONCAT(" in text
    assert text.endswith(")\n}\n}\nLIMIT 5\nOFFSET 10\n")
    assert text.startswith("SELECT ?a ?b\nWHERE {\n{\nSELECT ?a ?b { ?a")
    assert "}\nORDER BY CONCAT(" in windowed("SELECT ?a {}", ["a"])


def test_what_is_open_is_settled_column_by_column_and_then_by_languages(store: ox.Store) -> None:
    values = '(UNDEF "x") ("" "x") ("a" "z"@nn) ("a" "z"@nb) ("a b" "c") ("a" "b c") (1 "y") ("1" "x")'
    text = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}"
    found = [" ".join(row) for row in rows(store, windowed(text, COLUMNS))]
    one = '"1"^^<http://www.w3.org/2001/XMLSchema#integer> "y"'
    assert found == [
        'None "x"',
        '"" "x"',
        '"1" "x"',
        one,
        '"a" "b c"',
        '"a" "z"@nb',
        '"a" "z"@nn',
        '"a b" "c"',
    ]


@pytest.mark.parametrize(
    ("query", "settled"),
    [
        ("SELECT ?a (COUNT(?x) AS ?b) { ?a ?p ?x } GROUP BY ?a ?p HAVING (?b > 1) LIMIT 2", {"a", "p"}),
        ("SELECT (COUNT(?x) AS ?a) (SUM(?x) AS ?b) { ?s ?p ?x }", set()),
        ("SELECT ?a (STR(?x) AS ?b) { ?a ?p ?x { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }", {"a", "b"}),
        ("SELECT ?a (COUNT(?x) AS ?b) { ?s ?p ?x } GROUP BY (STR(?s) AS ?a)", {"a", "b"}),
    ],
    ids=["groups", "one-row", "no-aggregate", "by-expression"],
)
def test_groups_are_told_apart_by_what_they_are_grouped_by(query: str, settled: set[str]) -> None:
    text = windowed(query, COLUMNS, 2)
    assert set(re.findall(r" STR\(\?(\w+)\)\)", text)) == settled
    rows(ox.Store(), text)


@given(limit=st.integers(0, 10**9), offset=st.integers(0, 10**9), most=st.integers(0, 20))
def test_a_limit_of_its_own_is_never_passed(limit: int, offset: int, most: int) -> None:
    text = windowed(f"SELECT ?a {{ VALUES ?a {{ 1 2 3 }} }} LIMIT {most}", ["a"], limit, offset)
    assert len(rows(ox.Store(), text)) == min(limit, max(min(most, 3) - offset, 0))


def test_a_query_with_from_is_refused_with_its_place() -> None:
    with pytest.raises(QueryError, match="2:3: A ready question asks all graphs"):
        refuse_from("SELECT ?a\n  FROM <https://e/g> { }")
    refuse_from("SELECT ?a { GRAPH <https://e/from> { ?a ?from 'FROM' } } # FROM <x>")
