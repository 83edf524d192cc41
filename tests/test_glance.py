"""The quick look at a query: what it lets through is what the whole check and the engine let through."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bibgraph.errors import LimitError, QueryError
from bibgraph.sparql.glance import asks_for_set, harmless, names_no_graph
from bibgraph.sparql.guard import DEEPEST, MOST_TOKENS, check, clauses
from bibgraph.sparql.tokens import tokens
from bibgraph.store.embedded import EmbeddedStore
from hostile.evaluating import NEVER
from hostile.parsing import BROKEN, DEEP
from hostile.reaching import REACH, WRITE
from pages_world import CHECKOUT

HOSTILE = {**NEVER, **DEEP, **BROKEN, **REACH, **WRITE}
E = "https://example.org/"
GRAPH = ox.NamedNode(f"{E}graph/SERVICE")
WORDS = ("SERVICE", "FROM", "LOAD", "INSERT", "DELETE", "service", "From", "DROP", "SILENT")
STORE = EmbeddedStore(
    [
        ox.Quad(
            ox.NamedNode(f"{E}{word}"), ox.NamedNode(f"{E}says"), ox.Literal(f"{word} <{E}> {{ }}"), GRAPH
        )
        for word in WORDS
    ],
    "1",
)
ALL, UNION = ox.Store(), ox.Store()
for _number in range(3):
    _triple = ox.NamedNode(f"{E}{_number}"), ox.NamedNode("x:y"), ox.NamedNode(f"{E}{_number + 1}")
    UNION.add(ox.Quad(*_triple))
    ALL.extend((ox.Quad(*_triple), ox.Quad(*_triple, ox.NamedNode("x:y"))))
_PIECES = st.sampled_from(
    (
        *(
            "SELECT",
            "ASK",
            "CONSTRUCT",
            "DESCRIBE",
            "*",
            "WHERE",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "{|",
            "|}",
            "<<",
            ">>",
        ),
        *(
            "SERVICE",
            "service",
            "Service",
            "SILENT",
            "FROM",
            "from",
            "NAMED",
            "INSERT",
            "DATA",
            "LOAD",
            "DROP",
            "ALL",
        ),
        *(
            "?s",
            "$p",
            "a",
            "true",
            "1",
            "'",
            '"',
            "'''",
            '"""',
            "\\u0053",
            "\\U00000053",
            "\\",
            "#",
            "\n",
            "\r",
            "\x0c",
        ),
        *(
            "<",
            ">",
            f"<{E}>",
            "<x:y>",
            ":x",
            "SERVICE:x",
            "_:b",
            "PREFIX",
            "BASE",
            ":",
            ";",
            ".",
            ",",
            "VALUES",
            "FILTER",
        ),
        *(
            "EXISTS",
            "GRAPH",
            "UNION",
            "OPTIONAL",
            "MINUS",
            "BIND",
            "AS",
            "&&",
            "||",
            "!",
            "=",
            "^",
            "/",
            "+",
            "@en",
            "^^",
        ),
        *("ſervice", "SERVİCE", "ﬀ", "İ", "ſ", "K", "\u0130", "\ud800", "\u00a0", "\u200b", "\ufeff", "\0"),
    )
)
TEXTS = st.lists(_PIECES, max_size=40).flatmap(
    lambda pieces: st.sampled_from(("", " ")).map(lambda between: between.join(pieces))
)


def engine_takes(text: str) -> bool:
    """Whether Oxigraph begins to answer it."""
    with suppress(SyntaxError, ValueError, RuntimeError, UnicodeEncodeError):
        ox.Store().query(text)
        return True
    return False


def bytes_of(store: ox.Store, text: str) -> list[str]:
    """What it answers, in no order; nothing if it cannot, or by chance."""
    if any(word in text.upper() for word in ("NOW", "RAND", "UUID", "BNODE", "[", "_:")):
        return []
    answer = store.query(text)
    return [str(bool(answer))] if isinstance(answer, ox.QueryBoolean) else sorted(map(str, answer))


def deepest(text: str) -> int:
    """The most brackets that could be open at one time, whatever is a text and what is not."""
    depth = most = 0
    for letter in text:
        depth = depth + 1 if letter in "{([" else max(0, depth - 1) if letter in "})]" else depth
        most = max(most, depth)
    return most


@given(TEXTS)
@example("SELECT * { \u017fervice <x:y> {} }")
@example("SELECT * { SERV\u0130CE <x:y> {} }")
@example("PREFIX x: <http://a:> SELECT * { ?s ?p x:SERVICE <x:y> {} }")
def test_what_seems_harmless_passes_the_whole_check_or_the_engine_refuses_it(text: str) -> None:
    if harmless(text) and engine_takes(text):
        check(text)
        stated = clauses(text)
        assert not stated.default_graphs
        assert not stated.named_graphs
        assert deepest(text) <= DEEPEST


@given(TEXTS)
@example("SELECT * { ?s ?p ?o FILTER(1<2)GRAPH<x:y>{} }")
@example("SELECT * { ?s ?p 1GRAPH ?g {} }")
@example("SELECT * { ?s ?p true GRAPH ?g {} }")
@example("PREFIX x: <http://a:> SELECT * { ?s ?p x:GRAPH <x:y> {} }")
def test_what_seems_to_ask_for_no_graph_has_no_such_keyword(text: str) -> None:
    if harmless(text) and names_no_graph(text) and engine_takes(text):
        assert not any(token.is_word("GRAPH") for token in tokens(text))


@given(TEXTS)
@example("SELECT * { GRAPH<x:y>{} }")
@example("SELECT * { GRAPH:x { ?s ?p ?o } }")
@example("PREFIX x: <http://a:> SELECT * { ?s ?p x:GRAPH <x:y> {} }")
def test_what_is_said_to_name_no_graph_has_the_same_answer_without_graphs(text: str) -> None:
    with suppress(QueryError, UnicodeEncodeError):
        if not clauses(text).graph and engine_takes(text):
            assert not any(token.is_word("GRAPH") for token in tokens(text))
            assert bytes_of(ALL, text) == bytes_of(UNION, text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s <https://w3id.org/bibgraph/vocab/status> ?o }",
        "PREFIX bg: <https://w3id.org/bibgraph/vocab/> SELECT ?graph { ?s bg:graph ?graph }",
        "# in the graph\nSELECT * { ?s ?p ?o }",
    ],
)
def test_what_only_holds_the_word_asks_for_no_graph(text: str) -> None:
    assert names_no_graph(text)


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("ASK{ GRAPH ?g {} }", True),
        ("# which\nPREFIX a: <x:select>\nBASE <y:>\nprefix : <z:> SELECT DISTINCT ?a ?sum { }", True),
        ("SELECT DISTINCT ?s { ?s <x:count> ?sum  FILTER (?sum > 1) }", True),
        ("SELECT ?s { ?s a ?o }", False),
        ("SELECT REDUCED ?s { ?s a ?o }", False),
        ("ASK { { SELECT ?s { ?s a ?o } LIMIT 1 } }", False),
        ("SELECT DISTINCT ?s { ?s a ?o } HAVING (Count(*) > 1)", False),
        ("SELECT DISTINCT (rand () AS ?r) { ?s a ?o }", False),
        ("CONSTRUCT { ?s a 'ask' } { ?s a ?o }", False),
        ("# SELECT DISTINCT\nSELECT ?s { }", False),
        ("ASK { ?s a ?o } Offset 1", False),
        ("#\rPREFIX ask: <x:> SELECT ?s {\nask:a a ?s }", False),
        ("PREFIX #<x:> ASK\n: <x:> CONSTRUCT { [] a ?s } { ?s a ?o }", False),
    ],
)
def test_how_often_a_solution_comes_is_all_one_where_nothing_counts_it(text: str, *, set_: bool) -> None:
    assert asks_for_set(text) == set_


def test_a_long_prologue_is_looked_at_once() -> None:
    assert not asks_for_set("PREFIX a: <x:> " * 100_000 + "# ask" * 100_000)


@given(TEXTS, st.sampled_from((3, 10, DEEPEST)))
def test_nothing_deeper_than_the_limit_seems_harmless(text: str, limit: int) -> None:
    if harmless(text, deepest=limit):
        assert deepest(text) <= limit


@pytest.mark.parametrize("closing", ['"', "'", " #", "<x:"])
def test_a_bracket_that_may_be_none_closes_nothing(closing: str) -> None:
    line = "{ ?s ?p ?o " + closing + " }\n"
    assert harmless(line * DEEPEST)
    assert not harmless(line * (DEEPEST + 1))
    assert not harmless("'''''" + "(\n)\n" * (DEEPEST + 1) + "'''''")
    assert harmless("(\n)\n" * (DEEPEST + 1))


@pytest.mark.parametrize(
    "piece", ["1+", "a/", "?a", "<a>", "!", "a1", "1a", "'a'", "{}", "a ", "a\n", "\u00e6.", "x:"]
)
def test_a_long_text_is_harmless_only_with_few_pieces(piece: str) -> None:
    long = "(" + "abcdefgh " * (MOST_TOKENS // len("abcdefgh ")) + ")"
    assert harmless(long + "x" * MOST_TOKENS)
    assert not harmless(piece * (MOST_TOKENS + 1))


def test_a_text_is_harmless_only_while_words_with_nothing_between_are_few() -> None:
    assert harmless("true" * MOST_TOKENS)
    assert not harmless("true" * (MOST_TOKENS + 1))


@pytest.mark.parametrize(
    "question", sorted(CHECKOUT.glob("queries/questions/*.rq")), ids=lambda path: path.stem
)
def test_every_ready_question_is_harmless(question: Path) -> None:
    assert harmless(question.read_text("utf-8"))


@given(
    st.text(st.sampled_from("SERVICEservice \\u0053<>{}:'\"?"), max_size=60),
    st.integers(0, 60),
    st.sampled_from(" \n\t}).>'\u00e6"),
    st.sampled_from(" \n<:?}S\u00e6"),
)
def test_the_word_never_seems_harmless_where_a_keyword_could_stand(
    text: str, place: int, before: str, after: str
) -> None:
    for word in ("SERVICE", "sErViCe", "FROM", "frOm"):
        assert not harmless(text[:place] + before + word + after + text[place:])


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { VALUES ?x { """\n# """ } SERVICE <x:y> {} }',
        "SELECT * { VALUES ?x { '''\n# ''' } SERVICE <x:y> {} }",
        "PREFIX x: <http://a:> SELECT * { ?s ?p x:SERVICE <x:y> {} }",
        "PREFIX x: <http://a:80> SELECT * { ?s ?p x:SERVICE <x:y> {} }",
        "BASE <http://a:> PREFIX x: <> SELECT * { ?s ?p x:SERVICE <x:y> {} }",
        "BASE <http://b/> PREFIX x: <//a:> SELECT * { ?s ?p x:SERVICE <x:y> {} }",
        "PREFIX x: <x:> SELECT * { ?s ?p <http://b#> SERVICE <x:y> {} }",
        "SELECT * { ?s ?p 1 . # no\nSERVICE <x:y> {} }",
        "SELECT * { ?s ?p 1 . # no\rSERVICE <x:y> {} }",
        "# no\rSELECT * FROM <x:y> {}",
        "ASK FROM<x:y> {}",
        "SELECT * { ?s ?p 'x'SERVICE <x:y> {} }",
        'SELECT * { ?s ?p "service" . SERVICE <x:y> {} }',
        f"SELECT * {{ ?s ?p ?{'a' * 90} SERVICE <x:y> {{}} }}",
    ],
)
def test_the_keyword_never_hides_behind_a_name_or_a_comment(text: str) -> None:
    assert engine_takes(text)
    assert not harmless(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_queries_that_seem_harmless_pass_the_check_or_are_no_sparql(name: str) -> None:
    text = HOSTILE[name]
    if harmless(text):
        try:
            check(text)
        except QueryError:
            assert not engine_takes(text)


@pytest.mark.parametrize("name", [*REACH, *WRITE])
def test_the_store_refuses_what_reaches_out_or_would_change_something(name: str) -> None:
    with pytest.raises(QueryError):
        STORE.query(HOSTILE[name].replace("URL", f"{E}elsewhere").replace("REST", "s://example.org/"))


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s {{ ?s <{e}says> '{word} <{e}> {{ }}' }}",
        'SELECT ?s {{ ?s <{e}says> """{word} <{e}> {{ }}""" }}',
        "SELECT ?s {{ # {word} <{e}> {{\n ?s <{e}says> ?{word} FILTER (?s = <{e}{word}>) }}",
        "SELECT ?s {{ BIND(<{e}{word}> AS ?s) ?s ?p ?o }}",
        "PREFIX {word}: <{e}> SELECT ?s {{ BIND({word}:{word} AS ?s) ?s {word}:says ?o }}",
        "PREFIX e: <{e}> SELECT ?s {{ VALUES ?s {{ e:{word} }} ?s e:says ?o }}",
        "SELECT ?s {{ ?s ?p ?o FILTER (STRSTARTS(?o, '{word} ')) }}",
        "SELECT ?s {{ GRAPH <{e}graph/SERVICE> {{ ?s ?p ?o }} FILTER (STR(?s) = '{e}{word}') }}",
        'SELECT ?s {{ ?s ?p ?o FILTER (STR(?s) = "{e}{word}") }} #{word}',
    ],
)
def test_what_only_holds_the_words_is_answered_right(text: str, word: str) -> None:
    answer = STORE.query(text.format(e=E, word=word))
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["s"].value for row in answer] == [f"{E}{word}"]


def test_plain_queries_take_the_quick_way() -> None:
    for text in (
        "SELECT * { ?s ?p ?o }",
        "ASK { <https://example.org/a> ?p 'é' }",
        "DESCRIBE <https://example.org/a>",
        "PREFIX e: <https://example.org/> SELECT ?from { ?service a e:Service ; e:from ?from }",
        "# all services\nSELECT * {\n  # from the first\n  ?s ?p ?o }",
        "SELECT * { ?s ?p \"service\" , 'as told from' }",
    ):
        assert harmless(text)
    for text in (
        "",
        " " * (4 * MOST_TOKENS + 1),
        "ASK { ?s ?p '\\n' }",
        "ASK {" + "{" * DEEPEST + "}" * DEEPEST + "}",
    ):
        assert harmless(text) == (text == "")
    assert not harmless("ASK { ?s ?p '\ud800' }")


def test_a_short_limit_on_the_length_of_queries_holds_for_harmless_ones() -> None:
    store = EmbeddedStore([], "v", longest=100)
    assert store.query("ASK {}" + " " * 94) is not None
    with pytest.raises(LimitError) as told:
        store.query("ASK {}" + " " * 95)
    assert told.value.limit == "query-bytes"
