"""What the standard lets a query say is understood, whatever the engine makes of it."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.errors import Forbidden, QueryError
from bibgraph.sparql.guard import check
from bibgraph.sparql.ordering import by_kind
from bibgraph.sparql.spelling import decoded, for_oxigraph, in_order, peculiar
from bibgraph.store.embedded import EmbeddedStore

LONG = 100_000
STORE = EmbeddedStore(
    ox.parse(b'<x:s> <x:p> "v" , 3 . <x:t> <x:q> <x:s> .', format=ox.RdfFormat.TURTLE), "test"
)


DATA = ox.Store()
DATA.bulk_extend(
    ox.parse(b"<x:a> <x:p> 't', 3, <x:b> . <x:b> <x:p> <x:a>, 't' .", format=ox.RdfFormat.TURTLE)
)


def bag(store: ox.Store, text: str) -> Counter[frozenset[tuple[str, str]]]:
    """The rows, without their order and that of their columns."""
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return Counter(frozenset((name, str(row[name])) for name in names) for row in answer)


def columns(text: str) -> list[str]:
    answer = STORE.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    return [variable.value for variable in answer.variables]


def value(expression: str) -> str:
    answer = STORE.query(f"SELECT ({expression} AS ?value) {{}}")
    assert isinstance(answer, ox.QuerySolutions)
    (row,) = answer
    return str(row["value"].value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"ASK { ?s ?p \u003fo }", "ASK { ?s ?p ?o }"),
        (r"S\u0045LECT * { ?s ?p ?\U00000061 }", "SELECT * { ?s ?p ?a }"),
        (r"ASK { ?s ?p 'a\u0041' , <x:\u0041> , '''\u0041''' } # \u0041", None),
        (r'ASK { ?s ?p "\"\u0041" , ?\u0041 }', r'ASK { ?s ?p "\"\u0041" , ?A }'),
        (r"ASK { ?s ?p ?\u41 }", None),
        (r"ASK { ?s ?p ?o\UFFFFFFFF }", None),
        (r"""ASK { ?s ?p "a' , '\u0041" , ?\u0041 }""", r"""ASK { ?s ?p "a' , '\u0041" , ?A }"""),
        (r"ASK { ?s ?p '\u0041 }", None),
    ],
)
def test_escapes_outside_texts_and_addresses_are_the_characters(text: str, meant: str | None) -> None:
    assert decoded(text) == (meant or text)


def test_what_is_escaped_is_asked_checked_and_put_in_order() -> None:
    assert columns(r"PREFIX \u03B1: <x:> SELECT * { \u03B1:s ?\u0070 ?\u0061 }") == ["p", "a"]
    with pytest.raises(Forbidden, match="SERVICE"):
        check(r"SELECT * { S\u0045RVICE <x:y> {} }")
    with pytest.raises(Forbidden, match="no graph"):
        STORE.query(r"SELECT * FR\u004fM <http://nowhere.example/> { ?s ?p ?o }")
    assert by_kind(r"SELECT ?s { ?s ?p ?o } ORDER BY ?\u006f") is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("SELECT*WHERE{$z ?y <x:a?b=c> ; ?a ?b}", "z y a b"),
        ("select distinct * where { ?s ?p ?o } order by desc(?p) limit 2", "s p o"),
        ("SELECT REDUCED * { ?é ?p ?o }", "é p o"),
        ("SELECT * { ?z·a ?y ?x }", "z·a y x"),
        ("SELECT * { { ?z ?y ?x } UNION { ?a ?b ?x } }", "z y x a b"),
        ("SELECT * { ?z ?y ?x FILTER NOT EXISTS { ?x ?a ?b } MINUS { ?x ?q ?c } BIND(1 AS ?d) }", "z y x d"),
        ("SELECT * { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } ?s ?b ?c }", "s n b c"),
        ("SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?a } FILTER(?s != ?hidden) }", "s p o q a"),
        ("SELECT * {} VALUES (?z ?a) { (1 2) }", "z a"),
        ("SELECT * { VALUES (?z ?a) { (1 2) } }", "z a"),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", "g s p o"),
        ("SELECT * { ?z ?p 'SELECT *' ; ?b ?a # { ?c\n}", "z p b a"),
        ("SELECT * { ?z (<x:SELECT>*|^<x:p>?) ?a }", "z a"),
        ("SELECT ?b ?a { ?b ?p ?a }", "b a"),
    ],
)
def test_all_that_is_asked_for_comes_in_the_order_of_the_query(text: str, expected: str) -> None:
    assert columns(text) == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT",
        "SELECT *",
        "SELECT * {",
        "SELECT * { ?s ?p }",
        "SELECT * { ?s x:SELECT* ?o }",
        "SELECT * { ?s ?p ?o } GROUP BY ?s",
        "SELECT TRUE { }",
        "SELECT (REPLACE('a') AS ?x) {}",
        "SELECT (REPLACE",
    ],
)
def test_what_is_wrong_is_told_of_the_text_as_it_came(text: str) -> None:
    with pytest.raises(QueryError) as told:
        STORE.query(text)
    line, _, column = told.value.where.partition(":")
    assert line == "1"
    assert 1 <= int(column) <= len(text) + 1


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("REPLACE('darted', '^(.*?)d(.*)$', '$1c$2')", "carted"),
        ("REPLACE('abc', '(b)', '$10')", "ab0c"),
        ("REPLACE('abcdefghijkl', '(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)', '$10$1')", "jakl"),
        ("REPLACE('abc', '[(](b)|([b])', '<$2>')", "a<b>c"),
        (r"REPLACE('abc', '(?:a)\\(?(b)', '$1x')", "bxc"),
        (r"REPLACE('abc', 'b', '\\$')", "a$c"),
        (r"REPLACE('abc', 'b', '\\\\')", r"a\c"),
        (r"REPLACE('abc', 'b', '''$0\u0031\t''')", "ab1\tc"),
        ("REPLACE('abc', 'B', '[$0]', 'i')", "a[b]c"),
        ("REPLACE('a.c', '.', '$1', 'q')", "a$1c"),
        ("REPLACE('abc', CONCAT('(', 'b)'), '$1x')", "abxc"),
        ("REPLACE(REPLACE('abc', '(b)', '$1x'), '(c)', '$1y')", "abxcy"),
        ("REPLACE('abc', 'b', 'x')", "axc"),
        ("IF(TRUE, 'yes', 'no')", "yes"),
        ("FALSE || True", "true"),
    ],
)
def test_functions_and_truths_mean_what_the_standard_says(expression: str, expected: str) -> None:
    assert value(expression) == expected


@given(
    st.lists(
        st.sampled_from(["?a", "?b", "$c", "<x:p>", "'t'", "{", "}", "OPTIONAL", ".", "FILTER(?d)", "3"])
    )
)
def test_writing_out_all_changes_no_row(pieces: list[str]) -> None:
    text = f"SELECT * {{ ?s ?p ?o . {' '.join(pieces)} }}"
    try:
        before = bag(DATA, text)
    except SyntaxError:
        return
    assert bag(DATA, in_order(text)) == before


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (r"ASK\uD800{}", "1:4"),
        (r"SELECT ?x\U0000DFFF {}", "1:10"),
        (r"ASK { FILTER(REPLACE('a', '(a)', '$1\uD800c') = 'b') }", "1:34"),
    ],
)
def test_half_a_character_is_none(text: str, where: str) -> None:
    with pytest.raises(QueryError) as told:
        STORE.query(text)
    assert told.value.where == where
    assert told.value.text("nn").encode()


@pytest.mark.parametrize(
    "text",
    [
        'ASK { ?s ?p "' + '\\"' * LONG,
        r"ASK { ?s ?p '\u0041" + "'''" * LONG,
        r"\u0041" + "<" * LONG,
        "SELECT" + " " * LONG,
        "SELECT * " + "{" * LONG,
    ],
)
def test_a_long_text_without_an_end_is_told_of(text: str) -> None:
    """Patterns that begin anew at every sign would take minutes here."""
    assert len(decoded(text)) >= LONG
    with pytest.raises(QueryError):
        STORE.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "select distinct*{ ?s ?p ?o }",
        "SeLeCt\n\t* { ?s ?p ?o }",
        "ASK { FILTER(rePLace ('a', '(b)', '$1c') = 'a') }",
        "ASK { FILTER(REPLACE('a', 'b', '\\\\\\\\') = 'a') }",
    ],
)
def test_what_is_put_otherwise_for_the_engine_is_seen_at_a_glance(text: str) -> None:
    assert for_oxigraph(text) != text
    assert peculiar(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $act ?was { ?act dcterms:replaces ?was }",
        "SELECT (COUNT(*) AS ?n) { ?s dcterms:title* ?o }",
        "SELECT ?replaced { ?s <x:replaces> 'a\\n' }",
    ],
)
def test_most_queries_need_no_second_look(text: str) -> None:
    assert not peculiar(text)
