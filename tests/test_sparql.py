from __future__ import annotations

import re
from importlib import import_module
from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parser import expandUnicodeEscapes

from bibgraph.errors import QueryError
from bibgraph.sparql import Kind, Token, complaint, complaints, in_file, in_sparql, place, tokens
from bibgraph.store.embedded import EmbeddedStore

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


def complain(text: str) -> QueryError:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(text)
    return complaint(caught.value, text)


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("SELECT * {\n ?s ?p ex:x }", "2:8", "«ex:»"),
        ("SELECT * { ?s a org:Post }", "1:17", "PREFIX org: <http://www.w3.org/ns/org#>"),
        ("SELEC * {}", "1:1", "«SELEC»"),
        ("SELECT * { ?s ?p ?o", "1:10", "never closed"),
        ("SELECT * { ?s ?p ?o } ORDER BY", "1:31", "ends too early"),
        ("SELECT ?s { ?s ?p ?o } ; ASK {}", "1:24", "«;»"),
        ("SELECT * { ?s ?p <http://[> }", "1:28", "no full IRI"),
        ("SELECT ?x ?x {}", "1:16", "Duplicated variable"),
        ("SELECT * { BIND (1 AS ?x) BIND (2 AS ?x) }", "1:43", "given a value twice"),
        ("SELECT * { FILTER (?x > ) }", "1:25", "«)»"),
        ("SELECT * { ?s ?p ?o .\n ?s ?p .\n}", "2:8", "«.»"),
        ("SELECT * WHERE ?s ?p ?o", "1:16", "could stand: {"),
        ("ASK { 'it is unclosed }", "1:7", "no end"),
        ("SELECT * {} VALUES (?a ?b) { (1) }", "1:35", "same number of values"),
        ("", "1:1", "ends too early"),
        ("SELECT ?s { ?s ?p ?o FILTER(?o =< 3) }", "1:33", "no «>» ends it"),
        ("SELECT ?s { ?s ?p ?o FILTER(1 < 2 && ?o =< 3 || 1 < 2) }", "1:42", "no «>» ends it"),
        ("SELECT ?s { ?s ?p ?o FILTER(?o << 3) }", "1:33", "no «>» ends it"),
        ("SELECT * { << ?s ?p ?o }", "1:12", "no «>» ends it"),
        ("SELECT * { ?s ?p ?o <= OPTIONAL { ?s ?q ?r } }", "1:21", "«<=»"),
        ("SELECT * { ?s ?p ?o {| <a:a> |} }", "1:30", "«|}»"),
    ],
)
def test_the_engines_complaint_says_where_and_what(text: str, where: str, says: str) -> None:
    error = complain(text)
    assert error.where == where
    assert says in str(error)
    assert "['" not in str(error)


def test_the_engine_is_not_asked_again_and_again_what_could_stand_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, failure = [], complaints._failure

    def counted(text: str) -> tuple[int, dict[str, list[str]]]:
        asked.append(text)
        assert len(asked) < 100
        return failure(text)

    monkeypatch.setattr(complaints, "_failure", counted)
    for text in (
        "ASK { FILTER(?o =< 3) }",
        "ASK { " + "<" * 2000 + " }",
        "ASK { ?s ?p " + "<= " * 2000 + "}",
    ):
        complain(text)
        asked.clear()


NAMED = "a variable, an address (in < > or with a prefix)"
VALUE = f"{NAMED}, a text, a number"
PATTERNS = "BIND FILTER GRAPH LATERAL MINUS OPTIONAL VALUES"
ENDINGS = "GROUP HAVING LIMIT OFFSET ORDER VALUES"


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("SELECT * { ?s ?p }", "1:18", f"{VALUE} or one of ( [ _: false true"),
        ("CONSTRUCT ?s {}", "1:11", "{ or one of FROM WHERE"),
        ("SELECT (1 ?x) {}", "1:11", "an operator such as = or one of AS IN NOT"),
        ("DESCRIBE", "1:9", f"{NAMED} or *"),
        ("SELECT * {} GROUP BY", "1:21", f"{NAMED}, a function such as STR, ( or one of EXISTS NOT"),
        ("SELECT * {} LIMIT x", "1:19", "a number"),
        (
            "SELECT * { ?s ?p ?o . . }",
            "1:23",
            f"{VALUE}, one of ( [ _: false true {{ }} or one of {PATTERNS}",
        ),
        ("SELECT * {} ORDER ?x", "1:19", "BY"),
        ("SELECT * {} x", "1:13", f"one of {ENDINGS}"),
        ("SELECT (1 AS 2) {}", "1:14", "a variable"),
        ("PREFIX x <https://x/> ASK {}", "1:8", "a prefix with its colon"),
        ("PREFIX x: ASK {}", "1:11", "an address in < >"),
        ("ASK { ?s ?p 'x'^^ }", "1:19", "an address (in < > or with a prefix)"),
        ("DESCRIBE ?x 5", "1:13", f"{NAMED}, {{ or one of FROM {ENDINGS} WHERE"),
    ],
)
def test_what_could_stand_there_is_summed_up_in_words(text: str, where: str, expected: str) -> None:
    error = complain(text)
    assert error.where == where
    assert str(error.hint) == f"Here could stand: {expected}"


@pytest.mark.parametrize(
    "text", ["ASK { BIND (1 AS ?x) BIND (2 AS ?x) } LIMIT 5", "ASK { ?s ?p ?x BIND (1 AS ?x) }"]
)
def test_no_sign_is_blamed_for_what_a_group_says(text: str) -> None:
    assert "given a value twice" in str(complain(text).hint)


def test_what_could_stand_is_not_said_of_what_could() -> None:
    error = complain("ASK { FILTER (COUNT(?x) > 1) }")
    assert "«)»" in str(error)
    assert error.hint is None


def test_a_missing_prefix_is_told_wherever_it_is_missed() -> None:
    error = complain("PREFIX e: <https://e/> ASK { e:s e:p ?o ;\n ex:p 1 }")
    assert (error.where, error.problem.values) == ("2:2", {"prefix": "ex"})
    assert str(complain("ASK { ?s ?p ex:a:b }")).startswith("1:13: The prefix «ex:»")
    assert complain("PREFIX ex: <https://e/> ASK { ex:p 1 }").problem.values == {"found": "1"}


WORDS = st.sampled_from(re.findall(r"\S+", "SELECT ASK * { } ( ) ?x <x:y> 'a' 1 . ; BIND AS GROUP BY LIMIT"))


@given(st.lists(WORDS))
def test_whatever_is_wrong_is_placed_and_said_in_few_words(words: list[str]) -> None:
    text = " ".join((*words, "^"))
    error = complain(text)
    assert error.where
    assert len(str(error.hint or "").split()) < 60


@pytest.mark.parametrize(
    ("text", "where", "iri"),
    [
        ("SELECT * { <a> ?p ?o }", "1:12", "<a>"),
        ("SELECT * { ?s ?p <rel> }", "1:18", "<rel>"),
        ("SELECT * {\n  ?s <#x> ?o }", "2:6", "<#x>"),
        ("SELECT * { ?s <https://e/p> ?o . ?s <a/b> <c> }", "1:37", "<a/b>"),
        ("SELECT * { ?s ?p '1'^^<int> }", "1:23", "<int>"),
        ("SELECT (<f>(1) AS ?x) {}", "1:9", "<f>"),
        ("PREFIX e: <e/> ASK { e:a e:b e:c }", "1:11", "<e/>"),
        ("BASE <rel> ASK { ?s ?p ?o }", "1:6", "<rel>"),
        ("SELECT * FROM <g> { ?s ?p ?o }", "1:15", "<g>"),
        ("DESCRIBE <>", "1:10", "<>"),
        (f"DESCRIBE <{'long' * 10_000}>", "1:10", "<longlonglonglonglonglonglon…>"),
    ],
)
def test_an_address_that_is_not_whole_is_named_with_what_it_lacks(text: str, where: str, iri: str) -> None:
    with pytest.raises(QueryError) as met:
        EmbeddedStore([], "v").query(text)
    assert met.value.where == where
    assert met.value.problem.values == {"iri": iri}
    assert "BASE <" in met.value.text("en")


@pytest.mark.parametrize(
    "text", ["BASE <https://e/> ASK { ?s <http://[> ?o }", "ASK { ?s ?p <\\u0068ttp://[> }", "ASK { ?s ?p }"]
)
def test_other_faults_are_not_put_down_to_a_missing_base(text: str) -> None:
    with pytest.raises(QueryError) as met:
        EmbeddedStore([], "v").query(text)
    assert "BASE" not in met.value.text("en")


def test_an_unknown_complaint_is_handed_on() -> None:
    assert "something new" in str(complaint(SyntaxError("something new"), "ASK {}"))


def test_an_error_is_placed_in_its_file() -> None:
    assert in_file(complain("ASK"), "a.rq").where == "a.rq:1:4"


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
