"""Patience with a service, who asks it, and what it says of its contents; the service is a script."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from types import FrameType
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse

from bibgraph.config import Settings
from bibgraph.errors import Forbidden, LimitError, QueryError, StoreError, StoreTimeout
from bibgraph.graph import Graph
from bibgraph.limits import Limits
from bibgraph.store.calls import Call, Left, working_for
from bibgraph.store.remote import LEASE, LOADED, NOTHING, UNION, Breaker, Clock, Contents, Login, RemoteStore
from bibgraph.store.remote import service as service_module
from bibgraph.store.remote.answers import read_answer
from bibgraph.store.remote.patience import asked_for, pauses
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.serving import Cached
from bibgraph.store.threads import Threads
from bibgraph.web import create_app
from bibgraph.web.http.problems import problem_of
from web_world import graph as small_graph

YES = b'{"head":{},"boolean":true}'
NO_ROWS = b'{"head":{"vars":["property","value"]},"results":{"bindings":[]}}'
RESULTS = "application/sparql-results+json"
HORSE = "correct horse battery staple"


@dataclass
class Reply:
    """An answer; or, without a status, a connection that is closed at once."""

    status: int = 200
    body: bytes = YES
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Time:
    """A clock that moves only when somebody sleeps."""

    at: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def clock(self) -> Clock:
        return Clock(now=lambda: self.at, sleep=self.sleep, chance=lambda: 1.0)


@dataclass
class Scripted:
    """Answers with the replies that are left, then with yes; looks for contents get ``contents``."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    told: list[dict[str, list[str]]] = field(default_factory=list)
    contents: bytes = NO_ROWS
    decide: Callable[[BaseHTTPRequestHandler], Reply | None] = lambda _: None

    def reply(self, handler: BaseHTTPRequestHandler, told: dict[str, list[str]]) -> Reply:
        decided = self.decide(handler)
        if decided:
            self.seen.append((handler.command, handler.path, dict(handler.headers)))
            return decided
        if "SELECT ?property ?value" in told.get("query", [""])[0]:
            return Reply(body=self.contents)
        self.seen.append((handler.command, handler.path, dict(handler.headers)))
        self.told.append(told)
        return self.replies.pop(0) if self.replies else Reply()


def serve(scripted: Scripted) -> Iterator[Scripted]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            reply = scripted.reply(self, parse_qs(urlsplit(self.path).query) | parse_qs(body))
            if not reply.status:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in ({"Content-Type": RESULTS} | reply.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else reply.body)

        def log_message(self, *_: object) -> None:
            pass

    for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    scripted.url = f"http://127.0.0.1:{server.server_port}/sparql"
    yield scripted
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def service() -> Iterator[Scripted]:
    yield from serve(Scripted())


@pytest.fixture
def elsewhere() -> Iterator[Scripted]:
    yield from serve(Scripted())


@pytest.fixture
def time() -> Time:
    return Time()


def table(*cells: str) -> bytes:
    """An answer with one column."""
    rows = [{"x": {"type": "uri" if ":" in cell else "literal", "value": cell}} for cell in cells]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


# --- What strangers learn of failures ---


def asked_over_the_web(service: Scripted, time: Time, query: str) -> TestResponse:
    """What a stranger is told, who asks a service of ours that asks ``service``."""
    sound = small_graph()
    store = RemoteStore(service.url, clock=time.clock(), timeout=5)
    app = create_app(Settings(language="en"), Graph(sound.repository, store, sound.catalogue))
    headers = {"Accept": "application/json", "Accept-Language": "en"}
    return app.test_client().get("/sparql", query_string={"query": query}, headers=headers)


@pytest.mark.parametrize(
    ("reply", "status", "limit"),
    [
        (Reply(0), 502, None),
        (Reply(400, b"the secret"), 400, None),
        (Reply(401, b"the secret"), 502, None),
        (Reply(404, b"the secret"), 502, None),
        (Reply(413, b"the secret"), 413, ("engine-bytes", "set in the engine")),
        (Reply(414, b"the secret"), 413, ("query-bytes", "set in the engine")),
        (Reply(429, b"the secret"), 503, None),
        (Reply(500, b"the secret"), 502, None),
        (Reply(503, b"the secret"), 503, None),
        (Reply(307, b"", {"Location": "http://the-secret/"}), 502, None),
        (Reply(504, b"the secret"), 504, ("engine-timeout", "set in the engine")),
        (Reply(206), 504, ("engine-timeout", "set in the engine")),
        (Reply(200, b"the secret"), 502, None),
        (Reply(200, b"<p>the secret</p>", {"Content-Type": "text/html"}), 502, None),
        (Reply(200, table("the secret", "the secret")), 502, None),
    ],
)
def test_strangers_learn_neither_where_the_service_is_nor_what_it_said_but_the_log_does(
    service: Scripted,
    time: Time,
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    status: int,
    limit: tuple[str, str] | None,
) -> None:
    service.replies = [reply] * 8
    answer = asked_over_the_web(service, time, f"ASK {{}} # {'x' * 2000}")  # posted, so not led elsewhere
    told = answer.get_json(force=True)
    assert answer.status_code == status
    assert not re.search(r"127\.0\.0|secret|HTTP", answer.text)
    assert ((told["limit"], told["value"]) if limit else told.get("limit")) == limit
    number = told["instance"].rpartition(":")[2]
    assert f"problem {number}: '{service.url}: " in caplog.text


def test_what_a_service_says_is_shown_harmlessly(service: Scripted, time: Time) -> None:
    said = "\x1b]0;evil\x07 \x00\u202ered\r\nnext"
    service.replies = [Reply(500, said.encode())] * 4
    with pytest.raises(StoreError, match=r"HTTP 500\): \\x1b\]0;evil\\x07 \\x00\\u202ered next$"):
        RemoteStore(service.url, clock=time.clock()).query("ASK {}")


@pytest.mark.parametrize(
    ("header", "after"), [({}, "5"), ({"Retry-After": "77"}, "77"), ({"Retry-After": "9" * 9}, "3600")]
)
def test_what_a_busy_service_says_of_when_to_come_back_is_told_to_strangers(
    service: Scripted, time: Time, header: dict[str, str], after: str
) -> None:
    service.decide = lambda _: Reply(503, headers=header)
    answer = asked_over_the_web(service, time, "ASK {}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, after)


def test_while_a_service_is_left_alone_strangers_are_told_for_how_long(service: Scripted, time: Time) -> None:
    service.decide = lambda _: Reply(0)
    store = RemoteStore(service.url, clock=time.clock())
    for _ in range(3):
        failing(store)
        time.at += LEASE
    with pytest.raises(StoreError) as caught:
        store.query("ASK {}")
    problem = problem_of(caught.value)
    assert (problem.status, problem.headers()) == (503, {"Retry-After": str(5 - 2 * int(LEASE))})


def test_while_a_service_is_being_filled_strangers_are_told_when_to_come_back(
    service: Scripted, time: Time
) -> None:
    service.contents = contents("", "http://x/one")
    answer = asked_over_the_web(service, time, "ASK {}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "being filled" in answer.text
    assert not service.told


def test_strangers_are_told_of_a_service_that_answers_with_what_is_no_answer(
    service: Scripted, time: Time
) -> None:
    service.replies = [Reply(body=b"<html>")] * 8
    assert "answers with what is no answer" in asked_over_the_web(service, time, "ASK {}").text


def test_a_query_that_is_late_names_the_limit(service: Scripted, time: Time) -> None:
    service.decide = lambda _: sleep(0.3)
    store = RemoteStore(service.url, timeout=0.1)
    with pytest.raises(StoreTimeout) as caught:
        store._ask("ASK {}", "ASK", ())  # without the look at the contents before it
    told = problem_of(caught.value)
    assert (told.status, told.more) == (504, {"limit": "timeout", "value": "0.1 s"})
    assert time.slept == []


@pytest.mark.parametrize(
    ("query", "where", "says"),
    [
        ("SELECT ?x (COUNT(*) AS ?x) { ?x ?p ?o }", "1:8", "neither in GROUP BY"),
        ("ASK {\n  ?s nope:x ?o }", "2:6", "prefix «nope:»"),
        ("ASK { FILTER(" + "!(" * 20 + "1 1" + ")" * 20 + ") }", None, "does not take this query"),
        ("SELECT * { ?s ?p ?o }", None, "does not take this query"),
    ],
)
def test_what_cannot_be_read_is_told_to_strangers_by_line_and_column_and_to_who_runs_it_as_it_was_said(
    service: Scripted, time: Time, query: str, where: str | None, says: str
) -> None:
    service.replies = [Reply(400, b"the secret")] * 2
    answer = asked_over_the_web(service, time, query)
    assert (answer.status_code, answer.get_json(force=True).get("where")) == (400, where)
    assert says in answer.text
    assert "secret" not in answer.text
    with pytest.raises(QueryError, match=rf"{service.url}: .*HTTP 400.*the secret"):
        RemoteStore(service.url, clock=time.clock()).query(query)


def test_graphs_that_a_service_does_not_have_are_refused_without_its_address(
    service: Scripted, time: Time
) -> None:
    service.replies = [Reply(body=b'{"head":{},"boolean":false}')]
    answer = asked_over_the_web(service, time, "ASK FROM <x:y> {}")
    assert answer.status_code == 403
    assert "x:y" in answer.text
    assert "127.0.0" not in answer.text


# --- Again, and not again ---


@pytest.mark.parametrize("status", [0, 429, 502, 503])
def test_what_may_pass_is_tried_again_after_longer_and_longer_pauses(
    service: Scripted, time: Time, status: int
) -> None:
    looked = [] if status == 429 else [Reply()]  # whether the service works at all
    service.replies = [Reply(status), *looked] * 3
    assert bool(RemoteStore(service.url, clock=time.clock()).query("ASK {}")) is True
    assert time.slept == [0.1, 0.2, 0.4]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 413, 414, 500, 501])
def test_what_will_not_pass_is_not_tried_again(service: Scripted, time: Time, status: int) -> None:
    service.replies = [Reply(status, b"no")]
    with pytest.raises((QueryError, StoreError), match=f"HTTP {status}"):
        RemoteStore(service.url, clock=time.clock()).query("ASK {}")
    assert time.slept == []


def test_after_four_attempts_the_last_failure_is_told(service: Scripted, time: Time) -> None:
    service.replies = [Reply(503, b"one"), Reply()] * 3 + [Reply(503, b"four"), Reply()]
    with pytest.raises(StoreError, match="four") as caught:
        RemoteStore(service.url, clock=time.clock()).query("ASK {}")
    assert not isinstance(caught.value, StoreTimeout)
    assert service.replies == []
    assert len(service.seen) == 8


def test_a_pause_that_the_service_asks_for_is_kept_within_bounds(service: Scripted, time: Time) -> None:
    told = [Reply(503, headers={"Retry-After": "7"}), Reply(429, headers={"Retry-After": "3600"})]
    service.replies = [told[0], Reply(), told[1]]
    with pytest.raises(StoreError, match="429"):
        RemoteStore(service.url, clock=time.clock()).query("ASK {}")
    assert time.slept == [7.0]


def test_pauses_never_go_beyond_the_time_limit(service: Scripted, time: Time) -> None:
    service.replies = [Reply(503, headers={"Retry-After": "5"})] * 4
    with pytest.raises(StoreError, match="503"):
        RemoteStore(service.url, timeout=4, clock=time.clock()).query("ASK {}")
    assert time.slept == []


def test_half_of_a_pause_is_chance() -> None:
    assert list(pauses(Clock(chance=lambda: 0.0))) == [0.05, 0.1, 0.2]
    assert list(pauses(Clock(chance=lambda: 1.0))) == [0.1, 0.2, 0.4]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("-1", None),
        ("7", 7.0),
        (" 0 ", 0.0),
        ("9" * 40, 999999999.0),
    ],
)
def test_retry_after_is_read_in_seconds(header: str | None, seconds: float | None) -> None:
    assert asked_for(header) == seconds


def test_retry_after_is_read_as_a_date() -> None:
    now = datetime.now(UTC)
    later = asked_for(format_datetime(now + timedelta(seconds=90), usegmt=True))
    assert later is not None
    assert 80 < later <= 90
    assert asked_for(format_datetime(now - timedelta(days=1), usegmt=True)) == 0


def test_a_gateway_out_of_time_may_be_in_time_later(service: Scripted, time: Time) -> None:
    service.replies = [
        Reply(504),
        Reply(),
        Reply(504),
        Reply(),
    ]  # every other one answers «ASK {}» in between
    assert bool(RemoteStore(service.url, clock=time.clock()).query("ASK { ?s ?p ?o }")) is True
    assert time.slept == [0.1, 0.2]


def test_a_gateway_that_is_out_of_time_is_told_as_too_slow(service: Scripted, time: Time) -> None:
    service.decide = lambda handler: Reply(504) if "COUNT" in handler.path else None
    with pytest.raises(StoreTimeout, match="504"):
        RemoteStore(service.url, clock=time.clock()).query("SELECT (COUNT(*) AS ?n) {}")


def test_an_answer_beyond_the_limit_is_not_read(service: Scripted) -> None:
    service.replies = [Reply(body=b" " * 300_000)]
    with pytest.raises(LimitError, match="larger than the 97 KiB") as caught:
        RemoteStore(service.url, most_bytes=97 * 1024).query("ASK {}")
    assert (caught.value.limit, caught.value.value) == ("engine-bytes", "97 KiB")


@pytest.mark.parametrize(
    "reply", [Reply(206, body=NO_ROWS), Reply(body=NO_ROWS, headers={"X-SQL-State": "S1TAT"})]
)
def test_a_part_of_an_answer_is_none(service: Scripted, time: Time, reply: Reply) -> None:
    service.decide = lambda handler: reply if "COUNT" in handler.path else None
    store = RemoteStore(service.url, clock=time.clock())
    with pytest.raises(StoreTimeout, match="only a part"):
        store.query("SELECT (COUNT(*) AS ?n) {}")
    assert store.query("ASK {}"), "it works, but is slow"


@pytest.mark.parametrize(
    ("text", "most", "refused"),
    [
        ("SELECT ?x { ?x ?p 'LIMIT 3' }", "3", True),
        ("SELECT ?x { ?x ?p ?o } LIMIT 4", "3", True),
        ("SELECT ?x { { SELECT ?x { ?x ?p ?o } LIMIT 3 } } # LIMIT 3", "3", True),
        ("SELECT ?x { ?x ?p ?o } ORDER BY ?x LIMIT 3 OFFSET 7", "3", False),
        ("SELECT ?x { ?x ?p ?o } offset 7 limit 3 VALUES ?x { 1 }", "3", False),
        ("SELECT ?x { ?x ?p ?o }", "", False),
        (f"SELECT ?x {{ ?x ?p ?o }} LIMIT {'9' * 5000}", "3", True),
        ("SELECT ?x { ?x ?p ?o } LIMIT 9", "9" * 5000, False),
    ],
)
def test_as_many_rows_as_the_service_gives_at_most_may_not_be_all(
    service: Scripted, text: str, most: str, *, refused: bool
) -> None:
    service.replies = [Reply(body=table("1", "2", "3"), headers={"X-SPARQL-MaxRows": most} if most else {})]
    store = RemoteStore(service.url)
    if refused:
        with pytest.raises(LimitError, match="at most 3 rows") as caught:
            store.query(text)
        assert (caught.value.limit, caught.value.value) == ("result-rows", "3")
    else:
        answer = store.query(text)
        assert isinstance(answer, ox.QuerySolutions)
        assert len(list(answer)) == 3


class Virtuoso(Scripted):
    """Has ``most`` as its ResultSetMaxRows, finds ``things``, and has a triple for each of these and one."""

    most = ""
    things = 0

    def reply(self, handler: BaseHTTPRequestHandler, told: dict[str, list[str]]) -> Reply:
        query = told.get("query", [""])[0]
        its_own = {"X-SPARQL-default-graph": "https://example.org/"}
        if "sys_stat" in query:
            return Reply(body=table(self.most)) if self.most else Reply(400, b"no such function")
        if "SELECT DISTINCT ?x  WHERE" in query:
            return Reply(body=table(*(f"https://example.org/{n}" for n in range(self.things))))
        if "CONSTRUCT" in query or "DESCRIBE" in query:
            lines = "".join(
                f"<https://e/{n}> <https://e/p> <https://e/o> .\n" for n in range(self.things + 1)
            )
            return Reply(body=lines.encode(), headers=its_own | {"Content-Type": "application/n-triples"})
        return super().reply(handler, told)


@pytest.fixture
def virtuoso() -> Iterator[Virtuoso]:
    made = Virtuoso()
    for _ in serve(made):
        yield made


@pytest.mark.parametrize(
    ("text", "things", "most", "refused"),
    [
        ("CONSTRUCT WHERE { ?x ?p ?o }", 3, "3", True),
        ("CONSTRUCT WHERE { ?x ?p ?o }", 2, "3", False),
        ("CONSTRUCT WHERE { ?x ?p ?o }", 3, "0", False),
        ("CONSTRUCT WHERE { ?x ?p ?o }", 3, "", False),
        ("DESCRIBE ?x WHERE { ?x ?p ?o }", 4, "3", True),
        ("DESCRIBE <https://e/1> ?x WHERE { ?x ?p ?o }", 3, "3", True),
        ("DESCRIBE ?x WHERE { ?x ?p ?o } LIMIT 3", 3, "3", False),
        ("DESCRIBE <https://e/1>", 9, "3", False),
        ("DESCRIBE <https://e/1> <https://e/2> <https://e/3> <https://e/4>", 9, "3", True),
    ],
)
def test_virtuoso_is_asked_how_much_it_gives_where_it_does_not_say(
    virtuoso: Virtuoso, text: str, things: int, most: str, *, refused: bool
) -> None:
    virtuoso.things, virtuoso.most = things, most
    store = RemoteStore(virtuoso.url)
    if refused:
        with pytest.raises(LimitError, match="at most 3 rows or triples"):
            store.query(text)
    else:
        answer = store.query(text)
        assert isinstance(answer, ox.QueryTriples)
        assert len(list(answer)) == things + 1


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"uri","value":"<>"}}]}}',
        b'{"head":{"vars":["a"]},"results":[1]}',
        b'{"head":1}',
        b"null",
        b"",
    ],
)
def test_what_is_no_answer_is_told_as_unreadable(service: Scripted, time: Time, body: bytes) -> None:
    service.replies = [Reply(body=body)]
    with pytest.raises(StoreError, match="cannot be read"):
        RemoteStore(service.url, clock=time.clock()).query("ASK {}")


def nested(opens: bytes, inmost: bytes, ends: bytes, times: int) -> bytes:
    return opens * times + inmost + ends * times


def row(cell: bytes) -> bytes:
    return b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":%s}]}}' % cell


IRI = b'{"type":"uri","value":"a:b"}'
IN_JSON = (b'{"type":"triple","value":{"subject":%s,"predicate":%s,"object":' % (IRI, IRI), IRI, b"}}")
IN_TEXT = (b"<<( <a:b> <a:b> ", b"<a:b>", b" )>>")
A_ROW = b'{"a":%s}' % IRI
TURTLE, LINES = "text/turtle", "application/n-triples"


@pytest.mark.parametrize(
    ("form", "kind", "content"),
    [
        ("SELECT", RESULTS, row(nested(*IN_JSON, 30))),
        ("SELECT", RESULTS, row(nested(IN_JSON[0], b"", b"", 50_000))),
        ("SELECT", RESULTS, b'{"x":' + nested(b"[", b"", b"]", 60) + b"," + row(IRI)[1:]),
        ("CONSTRUCT", LINES, b"<a:b> <a:b> " + nested(*IN_TEXT, 60) + b" .\n"),
        ("CONSTRUCT", TURTLE, b"<a:b> <a:b> " + nested(*IN_TEXT, 60) + b" ."),
        ("CONSTRUCT", TURTLE, b"# '\n<a:b> <a:b> '''\n>>''', " + nested(*IN_TEXT, 60) + b" ."),
    ],
)
def test_an_answer_that_is_built_too_deep_is_not_parsed(form: str, kind: str, content: bytes) -> None:
    with pytest.raises(ValueError, match=r"too deep|too many triples"):
        read_answer(form, kind, content)


@pytest.mark.parametrize(
    ("form", "kind", "content"),
    [
        ("SELECT", RESULTS, row(nested(*IN_JSON, 20))),
        ("SELECT", RESULTS, row(b'{"type":"literal","value":"%s"}' % (b'[{\\"\\\\{' * 500))),
        ("CONSTRUCT", LINES, b"<a:b> <a:b> " + nested(*IN_TEXT, 20) + b" .\n"),
        ("CONSTRUCT", LINES, b'<a:b> <a:b> "%s" . # <<\n' % (b'<<#\\"<<' * 500)),
        ("CONSTRUCT", TURTLE, b"""<a:b> <a:b> '%s', '''%s''' .""" % (b'<<"' * 500, b"\n'<<" * 500)),
        ("CONSTRUCT", TURTLE, b"<a:b> <a:b> " + b"<<( <a:b> <a:b> <a:b> )>> , " * 500 + b"1 ."),
    ],
)
def test_brackets_in_texts_and_beside_one_another_are_not_deep(form: str, kind: str, content: bytes) -> None:
    answer = read_answer(form, kind, content)
    assert isinstance(answer, ox.QuerySolutions | ox.QueryTriples)
    assert list(answer)


@pytest.mark.parametrize(
    "content",
    [
        b'{"head":{"vars":["a"]},"results":{"bindings":[]},"results":{"bindings":[%s]}}' % A_ROW,
        b'{"head":{"vars":["b"]},"head":{"vars":["a"]},"results":{"bindings":[%s]}}' % A_ROW,
        b'{"head":{"vars":["b"],"vars":["a"]},"results":{"bindings":[%s]}}' % A_ROW,
        b'{"head":{"vars":["a"]},"results":{"bindings":[],"bindings":[%s]}}' % A_ROW,
    ],
)
def test_an_answer_that_says_the_same_twice_is_none(content: bytes) -> None:
    with pytest.raises(ValueError, match="twice"):
        read_answer("SELECT", RESULTS, content)


def test_an_answer_in_which_yes_or_no_stands_twice_is_none() -> None:
    with pytest.raises(ValueError, match="twice"):
        read_answer("ASK", RESULTS, b'{"head":{},"boolean":true,"boolean":false}')


def test_rows_may_hold_the_words_that_an_answer_is_made_of() -> None:
    rows = b'{"head":{"type":"literal","value":"results"},"results":{"type":"literal","value":"head"}}'
    content = b'{"head":{"vars":["head","results"]},"results":{"bindings":[%s,%s]}}' % (rows, rows)
    answer = read_answer("SELECT", RESULTS, content)
    assert isinstance(answer, ox.QuerySolutions)
    assert [(found["head"].value, found["results"].value) for found in answer] == [("results", "head")] * 2


@pytest.mark.parametrize(
    ("body", "yes"),
    [(table("1"), True), (table("true"), True), (table("0"), False), (table(), False)],
)
def test_a_table_that_says_yes_or_no_is_an_answer_to_ask(
    service: Scripted, body: bytes, *, yes: bool
) -> None:
    service.replies = [Reply(body=body)]
    assert bool(RemoteStore(service.url).query("ASK {}")) == yes


@pytest.mark.parametrize(
    "body", [table("x"), table("a:b"), table("1", "1"), row(b"{}").replace(b'"x":{}', b""), NO_ROWS]
)
def test_another_table_is_no_answer_to_ask(service: Scripted, body: bytes) -> None:
    service.replies = [Reply(body=body)]
    with pytest.raises(StoreError, match="where a yes or no was asked for"):
        RemoteStore(service.url).query("ASK {}")


def test_an_answer_in_another_encoding_than_utf8_is_none(service: Scripted) -> None:
    service.replies = [Reply(body=table("x").decode().encode("utf-16"))]
    with pytest.raises(StoreError, match="cannot be read"):
        RemoteStore(service.url).query("SELECT * {}")


def test_an_answer_of_no_type_is_none() -> None:
    with (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as url,
        pytest.raises(StoreError, match="answered with –, which cannot be read"),
    ):
        RemoteStore(url)._ask("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT", ())


@contextmanager
def raw(said: bytes, again: bytes = b"") -> Iterator[str]:
    """The address of a server that says this, and then ``again`` until nobody listens."""

    def answer(line: socket.socket) -> None:
        with line, suppress(OSError):
            line.recv(65536)
            line.sendall(said)
            while again:
                sleep(0.02)
                line.sendall(again)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(server.accept()[0],)).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/sparql"
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join()


JSON_HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {RESULTS}\r\n".encode()


@pytest.mark.parametrize(
    ("said", "again"),
    [
        (b"", b" "),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (JSON_HEAD + b"\r\n", b" "),
        (JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 9999999\r\n\r\n", b" "),
    ],
)
def test_a_service_that_never_ends_is_not_waited_for(
    said: bytes, again: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "_PROBE", 0.1)
    with raw(said, again) as url, pytest.raises(StoreError):
        RemoteStore(url, timeout=0.3).query("ASK {}")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (
            (b"X: " + b"y" * 60_000 + b"\r\n") * 20 + b"Content-Length: 26\r\n",
            "1 MiB come before the content",
        ),
        (b"Content-Length: 26\r\nContent-Length: 9\r\n", "more than one length"),
        (b"Content-Length: 26, 9\r\n", "more than one length"),
    ],
    ids=["endless", "two-lengths", "two-in-one"],
)
def test_what_comes_before_the_content_is_bounded_and_says_one_length(head: bytes, says: str) -> None:
    with raw(JSON_HEAD + head + b"\r\n" + YES) as url, pytest.raises(StoreError, match=says):
        RemoteStore(url)._ask("ASK {}", "ASK", ())
    with raw(JSON_HEAD + b"Content-Length: 26\r\n" * 2 + b"\r\n" + YES) as url:
        assert RemoteStore(url)._ask("ASK {}", "ASK", ())


def test_triples_whose_end_is_not_told_may_not_be_all_of_them() -> None:
    lines = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n<a:b> <a:b> <a:b> .\n"
    with raw(lines) as url, pytest.raises(StoreError, match="where it ends"):
        RemoteStore(url)._ask("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT", ())
    with raw(JSON_HEAD + b"\r\n" + YES) as url:
        assert RemoteStore(url)._ask("ASK {}", "ASK", ())


def test_a_yes_is_no_answer_where_rows_were_asked_for(service: Scripted) -> None:
    service.replies = [Reply(body=YES)]
    with pytest.raises(StoreError, match="where rows were asked for"):
        RemoteStore(service.url).query("SELECT * {}")


@pytest.mark.parametrize("reply", [Reply(400), Reply(500), Reply(503), Reply(0), Reply(body=b"<html>")])
def test_a_failure_keeps_nothing_alive_of_those_who_asked(
    service: Scripted, time: Time, reply: Reply
) -> None:
    service.decide = lambda _: reply
    store = RemoteStore(service.url, clock=time.clock())

    def ask() -> None:
        assert store.version
        with suppress(StoreError, QueryError):
            store.query("ASK {}")

    ask()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        ask()
        gc.collect()
        held = [one for one in gc.garbage if isinstance(one, FrameType) and one.f_code is ask.__code__]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert not held


# --- Who leaves, and who cannot wait ---


def test_who_leaves_gives_the_place_back_and_ends_what_the_service_was_asked() -> None:
    asked, ended = threading.Semaphore(0), threading.Semaphore(0)

    def answer(line: socket.socket) -> None:
        with line:
            question = line.recv(65536)
            if b"hang" in question:
                asked.release()
                with suppress(OSError):
                    while line.recv(65536):
                        pass
                ended.release()
                return
            body = NO_ROWS if b"property" in question else YES
            line.sendall(JSON_HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def serve() -> None:
        with suppress(OSError):
            while True:
                line = server.accept()[0]
                threading.Thread(target=answer, args=(line,), daemon=True).start()

    async def play(url: str) -> bytes:
        limits = Limits(workers=1, timeout=60.0, wait=20.0)
        threads = Threads(RemoteStore(url, timeout=limits.timeout), limits)
        for _ in range(Breaker().failures):  # which say nothing of the service
            asking = asyncio.create_task(threads.run(Job("ASK { ?s <x:hang> ?o }")))
            await asyncio.to_thread(asked.acquire)
            behind = asyncio.create_task(threads.run(Job("ASK {}")))
            await asyncio.sleep(0)
            for task in (behind, asking):
                task.cancel()
            await asyncio.wait((asking, behind))
            assert await asyncio.to_thread(ended.acquire, timeout=20)
        with pytest.raises(LimitError):
            await threads.run(Job("ASK { ?s <x:hang> ?o }"), timeout=0.1)
        assert await asyncio.to_thread(ended.acquire, timeout=20)
        return (await threads.run(Job("ASK {}"))).body

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            assert b"true" in asyncio.run(play(f"http://127.0.0.1:{server.getsockname()[1]}/sparql"))
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_nothing_is_tried_again_for_who_has_left(service: Scripted) -> None:
    call = Call()

    def decide(_: BaseHTTPRequestHandler) -> Reply:
        call.leave()
        return Reply(503, headers={"Retry-After": "9"})

    service.decide = decide
    store = RemoteStore(service.url)
    with pytest.raises(Left), working_for(call):
        store.query("ASK {}")
    assert len(service.seen) == 1
    service.decide = lambda _: None
    assert store.query("ASK {}"), "what came of it says nothing of the service"


def test_a_pause_ends_when_nobody_waits_any_more() -> None:
    call = Call()

    def work() -> None:
        with suppress(Left), working_for(call):
            Clock().sleep(60)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    call.leave()
    thread.join(20)
    assert not thread.is_alive()


def test_a_failure_holds_for_a_while_from_its_end(service: Scripted, time: Time) -> None:
    service.decide = lambda _: Reply(503, headers={"Retry-After": str(int(LEASE))})
    store = RemoteStore(service.url, clock=time.clock())
    failing(store)
    times = len(service.seen)
    failing(store)
    assert len(service.seen) == times


def test_in_a_loop_the_version_is_told_without_asking(service: Scripted, time: Time) -> None:
    service.contents = contents("v7", "http://x/a")
    store = RemoteStore(service.url, clock=time.clock())

    async def versions() -> list[str]:
        found = [store.version, await asyncio.to_thread(lambda: store.version), store.version]
        time.at += LEASE
        return [*found, store.version]

    first, asked, known, old = asyncio.run(versions())
    assert (asked, known) == ("v7", "v7")
    assert first == old
    assert first.startswith("remote:")


@pytest.mark.parametrize("lasts", [0.0, LEASE])
@pytest.mark.parametrize(("said", "times"), [(NO_ROWS, 3), (None, 2)])
def test_answers_are_kept_only_where_the_version_names_the_content(
    service: Scripted, time: Time, said: bytes | None, times: int, lasts: float
) -> None:
    service.contents = said or contents("v7", "http://x/a")

    def decide(handler: BaseHTTPRequestHandler) -> None:
        time.at += lasts * ("ASK" in handler.path)

    service.decide = decide

    async def play() -> None:
        limits = Limits(timeout=60.0)
        store = RemoteStore(service.url, clock=time.clock())
        evaluator = Cached(Threads(store, limits), limits.cache)
        for _ in range(3):  # before the first it is not known what the version is
            await evaluator.run(Job("ASK {}"))

    asyncio.run(play())
    assert len(service.seen) == times


# --- The breaker ---


def failing(store: RemoteStore) -> str:
    with pytest.raises(StoreError) as caught:
        store.query("ASK {}")
    return str(caught.value)


def test_after_five_failures_in_a_row_the_service_is_left_alone_until_one_query_gets_through(
    service: Scripted, time: Time
) -> None:
    store = RemoteStore(service.url, clock=time.clock())
    service.decide = lambda _: Reply(502)
    failing(store)
    time.at += LEASE
    assert "5 times in a row" in failing(store)
    asked = len(service.seen)
    time.at += LEASE
    told = failing(store)
    assert "left alone" in told
    assert "Try again in 3 s" in told
    assert len(service.seen) == asked == 10, "after each one, it was asked whether it works at all"
    time.at += 5
    failing(store)
    assert len(service.seen) == 12
    time.at += 5
    assert "left alone" in failing(store), "the pause has grown"
    assert len(service.seen) == 12
    time.at += 6
    service.decide = lambda _: None
    assert bool(store.query("ASK {}")) is True
    service.decide = lambda _: Reply(502)
    time.at += LEASE
    assert "HTTP 502" in failing(store), "it counts from the beginning again"


def test_errors_in_queries_and_slow_ones_are_no_failures_of_a_service_that_answers_others(
    service: Scripted, time: Time
) -> None:
    store = RemoteStore(service.url, clock=time.clock())
    service.decide = lambda handler: (
        Reply(504 if "slow" in handler.path else 400) if "x%3A" in handler.path else None
    )
    for _ in range(4):
        with pytest.raises(StoreTimeout):
            store.query("ASK { <x:slow> ?p ?o }")
        with pytest.raises(QueryError):
            store.query("ASK { <x:wrong> ?p ?o }")
    assert bool(store.query("ASK {}")) is True


@pytest.mark.parametrize("status", [0, 502, 503])
def test_what_one_query_makes_of_a_service_is_no_failure_of_it_if_it_answers_others(
    service: Scripted, time: Time, status: int
) -> None:
    store = RemoteStore(service.url, clock=time.clock())
    service.decide = lambda handler: Reply(status) if "x%3A" in handler.path else None
    for _ in range(Breaker().failures):
        with pytest.raises(StoreError):
            store.query("ASK { <x:hostile> ?p ?o }")
    assert bool(store.query("ASK {}")) is True


def test_of_many_queries_that_fail_one_asks_whether_the_service_works(
    service: Scripted, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "_PROBE", 60.0)
    over, looks = threading.Event(), threading.Semaphore(0)
    done = threading.Semaphore(0)

    def decide(handler: BaseHTTPRequestHandler) -> Reply | None:
        if "x%3A" in handler.path:
            return Reply(502)
        if "property" not in handler.path:
            looks.release()
            over.wait(60)
        return None

    def ask() -> None:
        with suppress(StoreError):
            store.query("ASK { <x:hostile> ?p ?o }")
        done.release()

    service.decide = decide
    store = RemoteStore(service.url, clock=time.clock())
    assert not store.contents()
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    others = [done.acquire(timeout=20) for _ in threads[1:]]
    asking = looks.acquire(blocking=False), looks.acquire(blocking=False)
    over.set()
    for thread in threads:
        thread.join()
    assert (others, asking) == ([True] * 3, (True, False))


def test_whether_a_service_works_is_not_told_by_what_nobody_waited_for(service: Scripted, time: Time) -> None:
    store = RemoteStore(service.url, clock=time.clock())
    call = Call()

    def decide(handler: BaseHTTPRequestHandler) -> Reply | None:
        if "property" in handler.path:
            return None
        if "x%3A" not in handler.path:
            call.leave()
        return Reply(503)

    service.decide = decide
    for _ in range(Breaker().failures):
        call = Call()
        with pytest.raises(Left), working_for(call):
            store.query("ASK { <x:hostile> ?p ?o }")
    service.decide = lambda _: None
    assert bool(store.query("ASK {}")) is True


def test_a_breaker_lets_one_thread_through_after_each_pause() -> None:
    time = Time()
    breaker = Breaker(failures=2, pause=4, longest=10, now=lambda: time.at)
    breaker.failed()
    assert breaker.left() == 0
    breaker.failed()
    assert breaker.left() == 4
    time.at += 4
    assert [breaker.left() for _ in range(3)] == [0, 4, 4]
    time.at += 4
    assert breaker.left() == 0, "nothing was heard of the first one"
    breaker.failed()
    assert breaker.left() == 8
    time.at += 8
    assert breaker.left() == 0
    breaker.failed()
    assert breaker.left() == 10
    breaker.succeeded()
    breaker.failed()
    assert breaker.left() == 0


def test_of_many_threads_one_is_let_through() -> None:
    time = Time()
    breaker = Breaker(failures=1, now=lambda: time.at)
    breaker.failed()
    time.at += 5
    free: list[float] = []
    threads = [threading.Thread(target=lambda: free.append(breaker.left())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert free.count(0.0) == 1


# --- Who asks ---


def challenged(scheme: str) -> Callable[[BaseHTTPRequestHandler], Reply | None]:
    return lambda handler: (
        None if handler.headers["Authorization"] else Reply(401, b"who?", {"WWW-Authenticate": scheme})
    )


def test_a_name_and_a_password_are_sent_when_asked_for(service: Scripted) -> None:
    service.decide = challenged('Basic realm="here"')
    assert bool(RemoteStore(service.url, login=Login("me", HORSE)).query("ASK {}")) is True
    sent = [headers.get("Authorization") for _, _, headers in service.seen]
    assert sent[0] is None
    assert sent[-1] == "Basic " + b64encode(f"me:{HORSE}".encode()).decode()


def test_a_digest_is_sent_when_asked_for_and_never_the_password(service: Scripted) -> None:
    service.decide = challenged('Digest realm="SPARQL", nonce="abc", qop="auth", algorithm="MD5"')
    assert bool(RemoteStore(service.url, login=Login("me", HORSE)).query("ASK {}")) is True
    assert service.seen[-1][2]["Authorization"].startswith('Digest username="me", realm="SPARQL"')
    assert HORSE not in str(service.seen)


def test_a_token_is_sent_at_once_and_wins_over_a_name(service: Scripted) -> None:
    RemoteStore(service.url, login=Login("me", "x", HORSE)).query("ASK {}")
    assert [headers["Authorization"] for _, _, headers in service.seen] == [f"Bearer {HORSE}"]


@pytest.mark.parametrize("login", [Login("me", HORSE), Login(token=HORSE)])
@pytest.mark.parametrize(
    "challenge", ['Basic realm="here"', 'Digest realm="here", nonce="n", qop="auth"', "Bearer"]
)
def test_credentials_that_are_not_taken_are_told_and_not_shown(
    service: Scripted, login: Login, challenge: str
) -> None:
    service.decide = lambda _: Reply(401, b"no", {"WWW-Authenticate": challenge})
    with pytest.raises(StoreError) as caught:
        RemoteStore(service.url, login=login).query("ASK {}")
    for shown in (str(caught.value), repr(caught.value), repr(login), repr(caught.value.__cause__)):
        assert HORSE not in shown
    assert b64encode(f"me:{HORSE}".encode()).decode() not in str(caught.value)


def test_without_credentials_the_variables_are_named(service: Scripted) -> None:
    service.decide = lambda _: Reply(401)
    with pytest.raises(StoreError, match=r"BIBGRAPH_ENDPOINT_USER.*BIBGRAPH_ENDPOINT_TOKEN"):
        RemoteStore(service.url).query("ASK {}")


@pytest.mark.parametrize("login", [Login("me", HORSE), Login(token=HORSE)])
def test_a_redirect_to_another_host_takes_no_credentials_along(
    service: Scripted, elsewhere: Scripted, login: Login
) -> None:
    def decide(handler: BaseHTTPRequestHandler) -> Reply | None:
        if not handler.headers["Authorization"]:
            return Reply(401, headers={"WWW-Authenticate": 'Basic realm="here"'})
        return Reply(302, headers={"Location": elsewhere.url + "?" + urlsplit(handler.path).query})

    service.decide = decide
    assert bool(RemoteStore(service.url, login=login).query("ASK {}")) is True
    assert elsewhere.seen
    assert all("Authorization" not in headers for _, _, headers in elsewhere.seen)
    elsewhere.decide = lambda _: Reply(401, headers={"WWW-Authenticate": 'Basic realm="here"'})
    with pytest.raises(StoreError, match="401"):
        RemoteStore(service.url, login=login).query("ASK {}")
    assert all("Authorization" not in headers for _, _, headers in elsewhere.seen)


def test_a_redirect_on_the_same_host_takes_the_token_along(service: Scripted) -> None:
    service.decide = lambda handler: (
        Reply(302, headers={"Location": handler.path.replace("/sparql", "/moved")})
        if "/sparql" in handler.path
        else None
    )
    assert bool(RemoteStore(service.url, login=Login(token=HORSE)).query("ASK {}")) is True
    assert service.seen[-1][1].startswith("/moved")
    assert service.seen[-1][2]["Authorization"] == f"Bearer {HORSE}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_is_posted_is_not_redirected_but_the_new_address_is_told(service: Scripted, status: int) -> None:
    service.decide = lambda handler: (
        Reply(status, headers={"Location": "http://127.0.0.1:9/new"}) if handler.command == "POST" else None
    )
    with pytest.raises(StoreError, match=rf"HTTP {status}.*127\.0\.0\.1:9/new\nThe service has moved"):
        RemoteStore(service.url).query("ASK {} #" + "x" * 3000)


# --- What it holds ---


def contents(version: str, *graphs: str) -> bytes:
    cells = [
        {"property": {"type": "uri", "value": triple.predicate.value}, "value": cell(triple.object)}
        for triple in Contents(version, frozenset(graphs)).triples()
    ]
    return json.dumps({"head": {"vars": ["property", "value"]}, "results": {"bindings": cells}}).encode()


def cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> dict[str, str]:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "literal", "value": term.value}


def test_where_nothing_was_loaded_the_version_names_the_service_and_no_graphs_are_sent(
    service: Scripted,
) -> None:
    store = RemoteStore(service.url)
    assert store.version.startswith("remote:")
    store.query("ASK { GRAPH ?g { ?s ?p ?o } }")
    assert list(service.told[-1]) == ["query"]


def test_what_was_loaded_is_asked_by_its_graphs_and_named_by_its_version(service: Scripted) -> None:
    service.contents = contents("v7", "http://x/b", "http://x/a")
    store = RemoteStore(service.url)
    assert store.version == "v7"
    store.query("ASK { GRAPH ?g { ?s ?p ?o } }")
    assert service.told[-1]["default-graph-uri"] == [UNION]
    assert service.told[-1]["named-graph-uri"] == ["http://x/a", "http://x/b"]
    store.query("ASK { ?s ?p ?o }")
    assert service.told[-1]["named-graph-uri"] == [NOTHING]
    store.query("ASK FROM NAMED <http://x/a> { ?s ?p 'FROM here' } # FROM")
    assert service.told[-1]["default-graph-uri"] == [NOTHING]
    assert service.told[-1]["named-graph-uri"] == ["http://x/a"]
    assert " ".join(service.told[-1]["query"][0].split()) == "ASK { ?s ?p 'FROM here' } # FROM"


def test_graphs_that_were_not_loaded_are_refused_without_asking(service: Scripted) -> None:
    service.contents = contents("v7", "http://x/one")
    store = RemoteStore(service.url)
    for graph in ("http://x/onne", UNION, LOADED):
        with pytest.raises(Forbidden, match="no graph"):
            store.query("ASK {}", default_graphs=[graph])
    assert not service.told


def test_while_it_is_being_filled_there_are_no_answers(service: Scripted) -> None:
    service.contents = contents("", "http://x/one")
    store = RemoteStore(service.url)
    with pytest.raises(StoreError, match="being filled"):
        store.query("ASK {}")
    assert store.version.startswith("remote:")
    assert not service.told


def test_a_new_version_is_heard_of_when_the_lease_ends(service: Scripted, time: Time) -> None:
    service.contents = contents("v1", "http://x/one")
    store = RemoteStore(service.url, clock=time.clock())
    assert store.version == "v1"
    service.contents = contents("v2", "http://x/one")
    assert store.version == "v1"
    time.at += LEASE
    assert store.version == "v2"


def test_the_version_last_heard_of_stands_while_the_service_is_away(service: Scripted, time: Time) -> None:
    service.contents = contents("v1", "http://x/one")
    store = RemoteStore(service.url, clock=time.clock())
    assert store.version == "v1"
    service.decide = lambda _: Reply(503)
    time.at += LEASE
    assert store.version == "v1"
    with pytest.raises(StoreError):
        store.query("ASK {}")
