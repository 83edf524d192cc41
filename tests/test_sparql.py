from __future__ import annotations

from importlib import import_module
from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parser import expandUnicodeEscapes

from bibgraph.errors import QueryError
from bibgraph.sparql import Kind, Token, in_sparql, place, tokens

MODULE = import_module("bibgraph.sparql.tokens")
WHOLE = MODULE._pattern(MODULE._LETTERS, MODULE._MARKS)

XSD = "http://www.w3.org/2001/XMLSchema#"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<https://example.org/æ#x>", Kind.IRI),
        ("<a\\u00E6b>", Kind.IRI),
        ("ex:a.b-c%20\\#d", Kind.NAME),
        (":", Kind.NAME),
        ("a-b.c:", Kind.NAME),
        ("ål:ø", Kind.NAME),
        ("_:b1.2", Kind.BLANK),
        ("?navn", Kind.VARIABLE),
        ("$1", Kind.VARIABLE),
        ('"# not <a> comment \\" \\u00E6"', Kind.STRING),
        ("'it\\'s'", Kind.STRING),
        ('"""two\nlines, "quoted" and ""twice"" """', Kind.STRING),
        ("'''a''b'''", Kind.STRING),
        ('""', Kind.STRING),
        ("@nb-NO", Kind.LANGUAGE),
        ("@ar--rtl", Kind.LANGUAGE),
        ("1.5e-3", Kind.NUMBER),
        (".5", Kind.NUMBER),
        ("GROUP_CONCAT", Kind.WORD),
        ("{|", Kind.SIGN),
    ],
)
def test_a_token_is_read_whole_and_with_its_kind(text: str, kind: Kind) -> None:
    closed = f"{text} |}}" if text == "{|" else text
    assert next(tokens(closed)) == (kind, text, 0)


def test_white_space_and_comments_are_left_out() -> None:
    assert kinds("# SERVICE {\r\nASK #x\n{}") == [("word", "ASK"), ("sign", "{"), ("sign", "}")]


def test_less_than_without_an_address_is_a_sign() -> None:
    assert ("sign", "<") in kinds("FILTER (?a < ?b && ?c > ?d)")


def test_neighbours_part_where_the_standard_parts_them() -> None:
    assert kinds("1SELECT?x'a'@nb") == [
        ("number", "1"),
        ("word", "SELECT"),
        ("variable", "?x"),
        ("string", "'a'"),
        ("language", "@nb"),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("ASK {", "1:5"),
        ("ASK }", "1:5"),
        ("ASK { ( }", "1:9"),
        ("ASK {\n  'open\n}", "2:3"),
        ("ASK { 'a\\q' }", "1:7"),
        ('ASK { """a" } #\\q """', "1:7"),
        ("ASK { '\\uD800' }", "1:7"),
        ("ASK { \\u0053 }", "1:7"),
        ("ASK {\u00a0}", "1:6"),
        ("ASK { ?a & ?b }", "1:10"),
        ("FILTER (?a<?b+'x>')", "1:11"),
        ("FILTER (1<x#y>)", "1:10"),
        ("FILTER (true<(1)>)", "1:13"),
    ],
)
def test_what_is_no_token_or_two_is_refused_at_its_place(text: str, where: str) -> None:
    with pytest.raises(QueryError) as caught:
        list(tokens(text))
    assert caught.value.where == where


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s <#p> <x'y> }",
        "ASK { ?s ?p (?a <http://e/#b> <urn:c>) }",
        "VALUES (?a ?b) { (1 <https://e/d(1)#x>) }",
        "FILTER (?a < 'x' && ?b > 1)",
    ],
)
def test_an_address_where_only_an_address_can_be_is_taken(text: str) -> None:
    assert list(tokens(text))


@given(st.text(max_size=60))
def test_any_text_is_tokens_that_make_it_up_or_an_error_of_ours(text: str) -> None:
    try:
        found = list(tokens(text))
    except QueryError:
        return
    assert all(text[token.start : token.end] == token.text for token in found)
    gaps = [text[a.end : b.start] for a, b in pairwise(found)]
    assert all(not gap.strip(" \t\r\n") or "#" in gap for gap in gaps)


PIECES = (
    "a",
    "ø",
    "?",
    "x:",
    ".",
    "-",
    "\\#",
    "#",
    "\n",
    " ",
    "'",
    '"',
    "<",
    ">",
    "{",
    "}",
    "(",
    ")",
    "_:",
    "@nb",
    "·",
    "\u2003",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_quick_pattern_reads_what_the_whole_one_reads(text: str) -> None:
    """It is taken where letters beyond ASCII stand in texts, comments and addresses alone."""
    found = read(text)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(MODULE, "_pattern_for", lambda _: WHOLE)
        assert read(text) == found


def read(text: str) -> list[Token] | str:
    try:
        return list(tokens(text))
    except QueryError as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "quick"),
    [
        ("# blå\nSELECT * { ?s ?p 'blå' , <http://å/> }", True),
        ("SELECT * { ?s ?p ?blå }", False),
        ("ø.a:b", False),
        ("a.ø:b # a", False),
    ],
)
def test_the_whole_pattern_is_only_made_where_it_is_needed(text: str, *, quick: bool) -> None:
    assert (MODULE._pattern_for(text) is not WHOLE) == quick


def test_a_place_counts_lines_and_columns_from_one() -> None:
    assert [place("ab\ncd", position) for position in (0, 1, 3, 5)] == ["1:1", "1:2", "2:1", "2:3"]


TRICKY = st.text(alphabet=st.sampled_from("uU\\\"'\n\r\t}{ 02æ5\x00\x07#<>@^"), max_size=12)


@given(TRICKY | st.text(max_size=20), st.sampled_from(("plain", "language", "datatype")))
def test_a_text_survives_the_way_through_sparql(text: str, kind: str) -> None:
    literal = {
        "plain": ox.Literal(text),
        "language": ox.Literal(text, language="nb"),
        "datatype": ox.Literal(text, datatype=ox.NamedNode("https://e/type")),
    }[kind]
    answer = ox.Store().query(f"SELECT ?x {{ VALUES ?x {{ {in_sparql(literal)} }} }}")
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["x"] for row in answer] == [literal]


@given(TRICKY)
def test_a_text_survives_engines_that_replace_escapes_first(text: str) -> None:
    query = f"SELECT ?x {{ VALUES ?x {{ {in_sparql(ox.Literal(text))} }} }}"
    (token,) = [t for t in tokens(expandUnicodeEscapes(query)) if t.kind is Kind.STRING]
    assert ox.Store().query(f"ASK {{ FILTER ({token.text} = {in_sparql(ox.Literal(text))}) }}")


def test_rdflib_reads_a_text_with_an_escape_in_it_as_that_text() -> None:
    text = "\\u0022 } SERVICE <http://127.0.0.1/> {} #"
    query = prepareQuery(f"SELECT ?x {{ VALUES ?x {{ {in_sparql(ox.Literal(text))} }} }}")
    assert repr(text) in repr(query.algebra)


def test_terms_are_written_whole() -> None:
    assert in_sparql(ox.NamedNode("https://e/x")) == "<https://e/x>"
    assert in_sparql(ox.Literal("5", datatype=ox.NamedNode(f"{XSD}integer"))) == f'"5"^^<{XSD}integer>'
    assert in_sparql(ox.Literal("x", language="nb")) == '"x"@nb'
