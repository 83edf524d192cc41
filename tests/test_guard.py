from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyparsing import CaselessKeyword, ParseException, ParserElement
from rdflib.plugins.sparql.parser import QueryUnit, parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from bibgraph.errors import Forbidden, LimitError, QueryError
from bibgraph.sparql import WORDS
from bibgraph.sparql.guard import DEEPEST, LONGEST, MOST_TOKENS, check, clauses

LINE = "https://example.org/"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <https://e/> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT <https://e/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o . { SELECT * { OPTIONAL { SERVICE ?where { ?a ?b ?c } } } } }",
        "ASK { FILTER EXISTS { SERVICE <https://e/> {} } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { #\rSERVICE <https://e/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <https://e/> {} }",
        "SELECT * { ?s ?p '\\u0027 } SERVICE <https://e/> {} #' }",
        'SELECT * { ?s ?p "\\\\\\u0022 } SERVICE <https://e/> {} #" }',
        'SELECT * { ?s ?p "\\\\u0041\\u0022 } SERVICE <https://e/> {} #" }',
        'SELECT * { ?s ?p "\\\\u005C\\u0022 } SERVICE <https://e/> {} #" }',
    ],
)
def test_service_is_refused_in_every_dress(text: str) -> None:
    with pytest.raises(Forbidden):
        check(text)


EVASIONS = [
    "PREFIX : <{}> SELECT * {{ SERVICE:x {{}} }}",
    "PREFIX : <{}> PREFIX SERVICE: <https://e/> SELECT * {{ SERVICE:x {{}} }}",
    "PREFIX e: <{}> SELECT * {{ SERVICEe:x {{}} }}",
    "PREFIX e: <{}> SELECT * {{ serviceSILENTe:x {{}} }}",
    "PREFIX : <{}> SELECT * {{ VALUES ?o {{ 1 }} ?s ?p trueSERVICE:x {{}} }}",
    "SELECT * {{ ?s ?p trueSERVICE <{}> {{}} }}",
    "SELECT * {{ ?s ?p ?o FILTER (true)SERVICE<{}>{{}} }}",
    "SELECT * {{ VALUES (?a ?b) {{ (1 2) }} FILTER (?b<?a+'x>') SERVICE <{}> {{}} FILTER ('a'='a') }}",
    "SELECT * {{ FILTER (1<<http://x#> || 1) SERVICE <{}> {{}} }}",
    "SELECT * {{ FILTER (1<x#>||1\n||1) SERVICE <{}> {{}} #>\n}}",
    'SELECT * {{ VALUES ?x {{ """a" }} SERVICE <{}> {{}} }} #\\q """',
    "SELECT * {{ VALUES ?x {{ '''a' }} SERVICE <{}> {{}} }} #\\uD800 '''",
    "PREFIX x: <http://a:> SELECT * {{ OPTIONAL {{ ?s ?p x:SERVICE <{}> {{}} }} }}",
    "PREFIX x: <http://a:80> SELECT * {{ OPTIONAL {{ ?s ?p x:service SILENT <{}> {{}} }} }}",
    "PREFIX x: <http://a:> PREFIX y: <{}> SELECT * {{ ?s ?p x:SERVICE:y {{}} }}",
    "PREFIX x: <http://a:> PREFIX y: <{}> SELECT * {{ ?s ?p x:SERVICESILENT y: {{}} }}",
    "PREFIX x: <http://e/> SELECT * {{ OPTIONAL {{ ?s ?p x:%20.a.service<{}>{{}} }} }}",
    "PREFIX x: <http://e/> SELECT * {{ OPTIONAL {{ ?s ?p x:a.b.SERVICE SILENT <{}> {{}} }} }}",
    "PREFIX x: <http://e/> SELECT * {{ OPTIONAL {{ ?s ?p x:a..b.SERVICE <{}> {{}} }} }}",
    "PREFIX x: <http://e/> SELECT * {{ OPTIONAL {{ ?s ?p x:\\-.a.Service <{}> {{}} }} }}",
    "PREFIX x: <http://e/> SELECT * {{ OPTIONAL {{ ?s ?p x:%41.b.5service <{}> {{}} }} }}",
]


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A service on this machine and the paths that it was asked for."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", heard
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("evasion", EVASIONS)
def test_what_only_the_engine_takes_for_service_is_refused(evasion: str) -> None:
    with pytest.raises(QueryError):
        check(evasion.format(LINE))


def test_the_evasions_do_reach_out_when_nobody_guards(listener: tuple[str, list[str]]) -> None:
    url, heard = listener
    for evasion in EVASIONS:
        with suppress(OSError, SyntaxError):
            answer = ox.Store().query(evasion.format(url))
            assert isinstance(answer, ox.QuerySolutions)
            next(answer, None)
    assert len(heard) > len(EVASIONS) / 2


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "INSERT"),
        ("PREFIX a: <a:a> delete where { ?s ?p ?o }", "DELETE"),
        ("LOAD <https://e/>", "LOAD"),
        ("SELECT * {} ; clear all", "CLEAR"),
        ("WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH"),
    ],
)
def test_updates_are_refused_by_name(text: str, word: str) -> None:
    with pytest.raises(QueryError, match=f"{word} would change the graph"):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?load $insert ?drop }",
        "PREFIX service: <https://e/> SELECT * { ?s service:load service:x . { ?s a service:Service } }",
        "PREFIX service: <https://e/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
        "PREFIX x: <https://e/> SELECT * { ?s a x:Service . x:Service x:p ?o { ?s ?p ?o } }",
        "PREFIX x: <https://e/> SELECT * { ?s ?p x:Service GRAPH ?g { ?s ?p ?o } }",
        "PREFIX x: <https://e/> SELECT * { ?s ?p x:Service { ?s ?p ?o } }",
        "PREFIX service: <https://e/> DESCRIBE service:x { ?s ?p ?o }",
        "PREFIX service: <https://e/> SELECT * { ?s a service:x { ?a ?b ?c } }",
        "PREFIX service: <https://e/> SELECT * { ?s ?p ?o , service:x OPTIONAL { ?a ?b ?c } }",
        "PREFIX service: <https://e/> SELECT * { ?s ?p ?o , service:x { ?a ?b ?c } }",
        "PREFIX ex: <https://e/> SELECT * { ?s ex:service ex:LOAD }",
        "SELECT * { ?s ?p 'SERVICE <https://e/> {}', \"LOAD\", '''INSERT'''@nb }",
        "SELECT * # SERVICE <https://e/> {} LOAD\n{ ?s ?p ?o }",
        "SELECT * { ?s ?p <https://e/SERVICE> ; <https://e/service#DROP> _:service }",
        "SELECT * { ?s ?p 'x'@service }",
        'SELECT ("\\\\u0041" AS ?x) { FILTER (REGEX("a", "[\\\\u00e6\\\\u00f8]")) }',
        "SELECT (GROUP_CONCAT(?x ; SEPARATOR = ', ') AS ?y) { ?s ?p ?x FILTER (?x < 5 && ?x > 1) }",
        "SELECT * { ?s (<a:a>|^<a:b>)+/!(<a:c>) ?o . FILTER NOT EXISTS { ?s a ?t } }",
    ],
)
def test_the_mere_word_passes(text: str) -> None:
    check(text)
    ox.Store().query(text)


def test_a_word_that_is_none_is_refused_with_one_like_it() -> None:
    with pytest.raises(QueryError) as caught:
        check("SELECT *\nWHER { ?s ?p ?o }")
    assert (
        str(caught.value)
        == "2:1: «WHER» is no word of SPARQL.\nDid you mean WHERE? Here could stand: «{» or one of FROM WHERE"
    )


def keywords(expression: ParserElement, seen: set[int]) -> set[str]:
    """The keywords of a grammar of rdflib's, in capitals."""
    if id(expression) in seen:
        return set()
    seen.add(id(expression))
    found = {str(expression.match).upper()} if isinstance(expression, CaselessKeyword) else set()
    parts = [*getattr(expression, "exprs", []), *filter(None, [getattr(expression, "expr", None)])]
    return found.union(*(keywords(part, seen) for part in parts))


def test_every_word_of_the_standards_grammar_is_known() -> None:
    known = keywords(QueryUnit, set())
    assert {"SELECT", "GROUP_CONCAT", "ISNUMERIC"} <= known
    assert known <= WORDS


@pytest.mark.parametrize(
    "function",
    [
        "isTRIPLE(?x)",
        "TRIPLE(?a, ?b, ?c)",
        "SUBJECT(?x)",
        "hasLANG(?x)",
        "hasLANGDIR(?x)",
        "STRLANGDIR('a', 'b', 'ltr')",
    ],
)
def test_words_that_the_engine_has_beyond_the_standard_are_known(function: str) -> None:
    text = f"ASK {{ BIND ({function} AS ?found) }}"
    check(text)
    ox.Store().query(text)


@pytest.mark.parametrize("text", ["", "  # nothing\n", "?x", "PREFIX a: <a:a>", "VALUES ?x { 1 }"])
def test_a_text_without_a_query_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="could stand: one of ASK BASE CONSTRUCT DESCRIBE PREFIX SELECT"):
        check(text)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(QueryError, match="half a character"):
        check("ASK { ?s ?p '\ud800' }")


def test_length_is_counted_in_bytes() -> None:
    room = LONGEST - len("ASK {} #")
    check("ASK {} #" + "a" * room)
    check("ASK {} #" + "å" * (room // 2))
    with pytest.raises(QueryError, match=str(LONGEST)):
        check("ASK {} #" + "å" * (room // 2 + 1))


@pytest.mark.parametrize(
    ("opening", "closing"), [("{", "}"), ("{ FILTER EXISTS", "}"), ("{ SELECT * ", "}"), ("{ OPTIONAL", "}")]
)
def test_nesting_is_limited(opening: str, closing: str) -> None:
    check("SELECT * " + opening * (DEEPEST - 1) + "{}" + closing * (DEEPEST - 1))
    with pytest.raises(QueryError, match=str(DEEPEST)):
        check("SELECT * " + opening * DEEPEST + "{}" + closing * DEEPEST)


def test_chains_are_limited_but_data_is_not() -> None:
    values = " ".join(["(-1 <https://e/x>)"] * MOST_TOKENS)
    check(f"SELECT * {{ VALUES (?a ?b) {{ {values} }} }} VALUES (?c ?d) {{ {values} }}")
    with pytest.raises(LimitError, match=str(MOST_TOKENS)):
        check(f"SELECT * {{ VALUES (?a) {{ (1) }} FILTER (1{'||1' * MOST_TOKENS}) }}")


NESTED: list[tuple[str, Callable[[int], str]]] = [
    ("groups", lambda n: "SELECT * {" + "{" * n + "}" * n + "}"),
    ("brackets", lambda n: "SELECT * { FILTER (" + "(" * n + "1" + ")" * n + ") }"),
    ("functions", lambda n: "SELECT * { FILTER (" + "STR(" * n + "1" + ")" * n + ") }"),
    ("exists", lambda n: "SELECT * { FILTER EXISTS {" + "FILTER EXISTS {" * n + "}" * n + "} }"),
    ("subqueries", lambda n: "SELECT * {" + "{ SELECT * {" * n + "}}" * n + "}"),
    ("paths", lambda n: "SELECT * { ?s " + "(" * n + "<a:a>" + ")*" * n + " ?o }"),
    ("lists", lambda n: "SELECT * { ?s ?p " + "(" * n + "1" + ")" * n + " }"),
    ("bangs", lambda n: "SELECT * { FILTER (" + "!" * n + "1) }"),
    ("or", lambda n: "SELECT * { FILTER (1" + "||1" * n + ") }"),
    ("sum", lambda n: "SELECT * { FILTER (1" + "+1" * n + ") }"),
    ("union", lambda n: "SELECT * { {}" + "UNION {}" * n + " }"),
    ("minus", lambda n: "SELECT * {" + "MINUS {}" * n + "}"),
    ("optional", lambda n: "SELECT * {" + "OPTIONAL { ?a ?b ?c }" * n + "}"),
    ("bind", lambda n: "SELECT * {" + "".join(f"BIND (1 AS ?x{i})" for i in range(n)) + "}"),
    ("aggregates", lambda n: "SELECT " + "".join(f"(COUNT(?y) AS ?x{i})" for i in range(n)) + "{}"),
    ("having", lambda n: "SELECT (1 AS ?a) {} GROUP BY ?x HAVING" + " (1)" * n),
]


def worst_that_passes(build: Callable[[int], str]) -> str:
    """The longest query of its kind that the guard lets through."""
    low, high = 1, MOST_TOKENS + 1
    while high - low > 1:
        middle = (low + high) // 2
        try:
            check(build(middle))
            low = middle
        except QueryError:
            high = middle
    return build(low)


def test_the_worst_that_passes_does_not_end_the_process() -> None:
    queries = [worst_that_passes(build) for _, build in NESTED]
    program = (
        "import sys, threading, pyoxigraph as ox\n"
        "def ask():\n"
        "    for query in sys.stdin.read().split('\\0'):\n"
        "        next(ox.Store().query(query), None)\n"
        "        print('.', end='')\n"
        "thread = threading.Thread(target=ask)\n"
        "thread.start()\n"
        "thread.join()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input="\0".join(queries),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "." * len(queries)), done.stderr


@pytest.mark.parametrize(("kind", "build"), NESTED, ids=[kind for kind, _ in NESTED])
def test_what_would_overflow_a_stack_is_refused(kind: str, build: Callable[[int], str]) -> None:
    assert kind
    with pytest.raises(QueryError):
        check(build(20_000))


def test_the_form_and_the_graphs_are_told_in_full() -> None:
    found = clauses(
        "BASE <https://e/a/> PREFIX g: <https://e/g#>\n"
        "select * from g:\\~1 FROM <b> from named <https://e/c> FROM NAMED g:2\n"
        "{ GRAPH ?from { ?s ?p 'FROM <x>' } }"
    )
    assert found.form == "SELECT"
    assert found.default_graphs == ("https://e/g#~1", "https://e/a/b")
    assert found.named_graphs == ("https://e/c", "https://e/g#2")


def test_a_graph_with_an_undeclared_prefix_is_refused_at_its_place() -> None:
    with pytest.raises(QueryError) as caught:
        check("SELECT *\nFROM g:x {}")
    assert caught.value.where == "2:6"


def services(node: object) -> bool:
    """Whether rdflib's reading of a query holds a SERVICE."""
    if isinstance(node, CompValue):
        return node.name == "ServiceGraphPattern" or any(services(part) for part in node.values())
    if isinstance(node, str) or not hasattr(node, "__iter__"):
        return False
    return any(services(part) for part in node)


PIECES = st.sampled_from(
    [
        "SELECT * {",
        "ASK {",
        "}",
        "{",
        "SERVICE ",
        "service SILENT",
        "<https://e/>",
        "?x",
        " ex:service ",
        "service:x",
        "'SERVICE'",
        "'",
        '"""',
        "#",
        "\n",
        " ?s ?p ?o .",
        "FILTER (?a<",
        ")",
        "OPTIONAL {",
        "UNION {",
        "PREFIX ex: <https://e/>",
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_no_service_that_rdflib_sees_passes(text: str) -> None:
    try:
        check(text)
    except QueryError:
        return
    with suppress(ParseException, SyntaxError, ValueError):  # what rdflib cannot read it does not act on
        assert not services(parseQuery(text))


@given(st.lists(PIECES, max_size=8).map("".join), st.text(alphabet="{}()[]<>|!\\'\"#. ?a", max_size=30))
def test_any_text_passes_or_is_refused_with_an_error_of_ours(text: str, tail: str) -> None:
    for candidate in (text, text + tail, tail):
        with suppress(QueryError):
            check(candidate)
