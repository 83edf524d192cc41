"""The parts of the server that make it fast: what they keep, whom they watch, how they read and write."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from threading import Event, Semaphore
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, QueryTriples, Store

from bibgraph.config import Settings
from bibgraph.errors import LimitError, SettingsError
from bibgraph.limits import Limits
from bibgraph.store import Answer, Written
from bibgraph.store.sandbox import refusals
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.serving import Cached, ServedStore, afresh, lasting
from bibgraph.store.threads import Threads
from bibgraph.store.writing import render
from bibgraph.web import create_app
from bibgraph.web.http.decoding import MalformedRequest, decode_percent, decode_value
from bibgraph.web.http.problems import problem_of
from bibgraph.web.server import pages
from bibgraph.web.server.clients import Clients
from bibgraph.web.server.gateway import Gateway
from bibgraph.web.server.journal import Journal, Outlet
from bibgraph.web.server.packing import LEAST
from bibgraph.web.server.pages import Site
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Request
from bibgraph.web.server.shelf import Key, Shelf
from web_world import BASE, graph

ENCODED = st.text(alphabet="%09afAF= _+x\r\n\t.").map(str.encode)


def key(name: str) -> Key:
    return ("version", "/sparql", name)


def reply(size: int = 1000) -> Reply:
    return Reply(200, (), b"x" * size, '"tag"')


@pytest.mark.parametrize(
    "text",
    [
        "CONSTRUCT { ?s <x:p> (1) } WHERE { ?s ?p ?o }",
        "CONSTRUCT { _:a <x:p> ?o } { ?s ?p ?o }",
        "construct { [] <x:p> ?o } { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p [] }",
        "# CONSTRUCT }\nCONSTRUCT { ?s <x:p> (1) } WHERE { ?s ?p ?o }",
        "SELECT (NOW() AS ?now) {}",
        r"SELECT (N\u004FW() AS ?now) {}",
        "SELECT * { ?s ?p ?o FILTERRAND() }",
        "SELECT (uuid # (\n () AS ?id) {}",
        r"CONSTRUCT { \U0000005B] <x:p> ?o } { ?s ?p ?o }",
        "ASK {} # " + "NOW#" * 100_000,  # which may not be read to its end from each of the words
        "ASK {}\n" + "#NOW\n" * 100_000,
    ],
    ids=lambda text: text[:30],
)
def test_what_makes_new_nodes_or_asks_for_the_time_is_not_kept(text: str) -> None:
    assert not lasting(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p [ ] }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER (?o > 1) }",
        "SELECT ?known { ?known a <x:Constructed> }",
        "SELECT * {} # " + "NOW " * 100_000,
        "SELECT * {} # " + "CONSTRUCT " * 100_000,  # which may not be looked through again for each word
    ],
    ids=lambda text: text[:30],
)
def test_what_has_the_same_answer_each_time_is_kept(text: str) -> None:
    assert lasting(text)


def test_the_graphs_that_a_query_names_count_among_the_bytes_that_its_answer_takes() -> None:
    sound = graph()
    graphs = (f"{BASE}graph/measures/report",) * 500

    async def kept(*named: str) -> int:
        cached = Cached(Threads(sound.store, Limits()), 1 << 20)
        await cached.run(Job("ASK {}", named_graphs=named))
        return cached.bytes

    assert asyncio.run(kept(*graphs)) - asyncio.run(kept()) >= sum(map(len, graphs))


def test_limits_are_read_as_they_are_shown() -> None:
    for limits in (Limits(), Limits(query_bytes=1, memory=3000, client_budget=0, timeout=2.5)):
        shown = [f"{name}={value}" for name, value in limits.shown().items()]
        assert Limits.parse(shown) == limits
    assert Limits(wait=31_622_399.5).value("wait") == "31622399.5 s"


def gateway(clients: Clients | None = None) -> Gateway:
    """A gateway over the small graph."""
    sound, limits = graph(), Limits()
    evaluator = Cached(Threads(sound.store, limits), limits.cache)
    site = Site(create_app(Settings(), sound, limits), evaluator)
    return Gateway(site, limits, clients or Clients(), Journal())


def through(method: str, target: str, body: bytes = b"", **headers: str) -> Reply:
    """The gateway's answer over the small graph."""
    return asyncio.run(gateway().reply(request_of(method, target, body, **headers)))


def request_of(
    method: str, target: str, body: bytes = b"", peer: str = "127.0.0.1", **headers: str
) -> Request:
    """A request as it was read."""
    path, _, query_string = target.partition("?")
    request = Request(peer, ("a", "80"), method=method, path=path, query_string=query_string, body=body)
    for name, value in headers.items():
        request.headers.add(name.replace("_", "-").encode(), value.encode())
    return request


def test_parts_of_a_dump_can_be_fetched() -> None:
    def asked(method: str = "GET", **headers: str) -> Reply:
        return through(method, "/dumps/bibgraph.nq?lang=en", b"", Host="a", **headers)

    whole = asked()
    tag, size = whole.etag, len(whole.body)
    assert (whole.status, whole.header("accept-ranges")) == (200, "bytes")
    found = asked(Range="bytes=10-19", If_Range=tag, Accept_Encoding="gzip")
    assert (found.status, found.body, found.etag) == (206, whole.body[10:20], tag)
    assert found.header("content-range") == f"bytes 10-19/{size}"
    assert asked(Range=f"bytes=-{size + 5}").body == whole.body
    beyond = asked(Range=f"bytes={size}-", Accept="application/problem+json")
    assert (beyond.status, beyond.header("content-range")) == (416, f"bytes */{size}")
    assert f"It has only {size} bytes." in beyond.body.decode()
    for first in ("bytes=0-9", f"bytes={size}-"):  # whatever part is asked for: section 13.2.2
        assert asked(Range=first, If_None_Match=tag).status == 304
        assert asked(Range=first, If_Match='"x"').status == 412
        assert asked("HEAD", Range=first).status == 200


@pytest.mark.parametrize("path", ["/", "/queries", "/openapi.json", "/sparql"])
def test_another_protocol_that_is_offered_is_passed_over(path: str) -> None:
    assert through("GET", path, Host="a", Connection="Upgrade", Upgrade="websocket").status == 200


def test_conditions_of_a_query_by_post_are_about_the_description_of_the_service() -> None:
    asked = {"Host": "a", "Content_Type": "application/sparql-query", "Accept": "text/turtle, text/csv"}
    tag = through("GET", "/sparql", Host="a", Accept=asked["Accept"]).etag
    other = '"other"'

    def status(path: str = "/sparql", body: bytes = b"ASK {}", **stated: str) -> int:
        return through("POST", path, body, **asked, **stated).status

    assert [status(If_Match=each) for each in (tag, "*", other)] == [200, 200, 412]
    assert [status(If_None_Match=each) for each in (tag, "*", other)] == [412, 412, 200]
    assert status(If_Unmodified_Since="Fri, 31 Oct 2025 08:00:00 GMT") == 200
    assert status(body=b"ASK {", If_Match=other) == 400
    assert status("/sparql?timeout=3", If_Match="*") == 200
    assert status("/queries", If_Match=other) == 405
    assert through("OPTIONS", "/sparql", If_Match=other).status == 200


def test_by_which_scheme_a_proxy_was_asked_is_in_addresses_and_is_not_kept_for_others() -> None:
    made = gateway(Clients([ip_network("10.0.0.1")]))

    def said(peer: str) -> str:
        request = request_of(
            "GET", "/sparql", peer=peer, Host="a", Accept="text/turtle", X_Forwarded_Proto="https"
        )
        return (made.at_once(request) or asyncio.run(made.reply(request))).body.decode()

    for _ in range(2):
        assert "<https://a/sparql>" in said("10.0.0.1")
        assert "<https://a/sparql>" not in said("10.0.0.2")
        assert "<http://a/sparql>" in said("10.0.0.2")


@pytest.mark.parametrize("tag", ["EN", "en"])
def test_a_refusal_without_a_thread_is_in_the_language_of_the_address_in_capitals_too(tag: str) -> None:
    request = request_of("GET", f"/queries?lang={tag}")
    assert pages._language(request, "nb") == "en"


def test_where_xml_cannot_hold_an_answer_the_next_best_format_is_sent() -> None:
    target = "/sparql?query=" + quote('SELECT ("\\u0001" AS ?n) {}')
    rows = "application/sparql-results+xml"
    answer = through("GET", target, Accept=f"{rows}, text/csv;q=0.1")
    assert (answer.status, answer.header("content-type")) == (200, "text/csv; charset=utf-8")
    assert through("GET", target, Accept=rows).status == 406


@pytest.mark.parametrize(("wish", "coding"), [("gzip", ""), ("gzip;q=0", ""), ("gzip, x", "gzip")])
def test_of_many_codings_those_are_looked_at_that_come_whole(wish: str, coding: str) -> None:
    listed = ("x," * 1000)[: 1000 - len("gzip") - wish.count(", x") * 2] + wish
    answer = through("GET", "/sparql", Accept="text/turtle", accept_encoding=f"{listed}{',y' * 60_000}")
    assert len(answer.body) > 100
    assert answer.header("content-encoding") == coding


@pytest.mark.parametrize("accepted", ["", "gzip", "identity;q=0, gzip"])
@pytest.mark.parametrize(
    "target", ["/sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D&format=csv", "/nothing", "/robots.txt"]
)
def test_a_short_answer_tells_caches_that_another_client_may_get_it_packed(
    target: str, accepted: str
) -> None:
    answer = through("GET", target, accept_encoding=accepted)
    assert len(answer.body) < LEAST
    assert bool(answer.header("content-encoding")) == ("q=0" in accepted)
    assert "Accept-Encoding" in answer.header("vary").split(", ")


@pytest.mark.parametrize(
    ("method", "status", "allowed"),
    [("GET", 200, ""), ("HEAD", 200, ""), ("POST", 405, "GET"), ("PUT", 405, "GET")],
)
def test_the_numbers_are_for_reading(method: str, status: int, allowed: str) -> None:
    answer = through(method, "/metrics")
    assert (answer.status, allowed in answer.header("allow")) == (status, True)


class Held:
    """A store whose answers are held back until they are let go. begun: how many queries it was asked."""

    version = "v"

    def __init__(self) -> None:
        self.begun = Semaphore(0)
        self.go = Event()
        self.asked: list[str] = []

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``."""
        del default_graphs, named_graphs
        self.asked.append(text)
        self.begun.release()
        self.go.wait()
        return Store().query(text)


@pytest.mark.parametrize(
    ("limits", "others", "timeout", "met"),
    [
        (Limits(timeout=0.05, wait=600), 0, 0.0, ("timeout", "0.05 s")),
        (Limits(timeout=600, wait=600), 0, 0.05, ("timeout", "0.05 s")),
        (Limits(timeout=600, wait=0.05, workers=1), 1, 0.0, ("wait", "0.05 s")),
        (Limits(timeout=600, wait=600, workers=1, queue=0), 1, 0.0, ("queue", "0")),
    ],
)
def test_a_store_elsewhere_gets_the_time_that_the_limits_say_and_they_are_told_as_they_are_set(
    limits: Limits, others: int, timeout: float, met: tuple[str, str]
) -> None:
    store, job = Held(), Job("ASK {}")

    async def play() -> LimitError:
        threads = Threads(store, limits)
        before = [asyncio.create_task(threads.run(job)) for _ in range(others)]
        try:
            for _ in before:
                await asyncio.to_thread(store.begun.acquire)
            with pytest.raises(LimitError) as caught:
                await threads.run(job, timeout=timeout)
        finally:
            store.go.set()
        assert all(b"true" in answer.body for answer in await asyncio.gather(*before))
        return caught.value

    told = asyncio.run(play())
    assert (told.limit, told.value) == met


def test_whether_all_is_well_can_be_asked_while_every_place_is_taken() -> None:
    store, limits, job = Held(), Limits(workers=1, queue=0, wait=20.0, timeout=60.0), Job("ASK {}")

    async def play() -> bytes:
        evaluator = Cached(Threads(store, limits), limits.cache)
        held = asyncio.create_task(evaluator.run(job))
        await asyncio.to_thread(store.begun.acquire)
        with pytest.raises(LimitError, match="waiting already"):
            await evaluator.run(job)
        served = ServedStore(evaluator, asyncio.get_running_loop())
        asked = asyncio.create_task(asyncio.to_thread(afresh, served, job.text))
        while not asked.done() and not await asyncio.to_thread(store.begun.acquire, timeout=0.05):
            pass
        store.go.set()
        await held
        return (await asked).body

    assert b"true" in asyncio.run(play())


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_the_answer_that_a_failing_page_held_can_be_let_go_of_in_any_thread(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits, told, failures = Limits(workers=1), [], []
    monkeypatch.setattr(sys, "unraisablehook", lambda failed: told.append(str(failed.exc_value)))

    async def play() -> None:
        evaluator = Cached(Threads(graph().store, limits), limits.cache)
        served = ServedStore(evaluator, asyncio.get_running_loop())

        def make_page() -> None:
            answer = served.query(text)
            assert isinstance(answer, QuerySolutions | QueryTriples)
            raise LookupError(str(next(iter(answer))))

        def page() -> None:
            try:
                make_page()
            except LookupError as failure:
                failures.append(failure)  # and so the frame that holds the answer

        await asyncio.to_thread(page)

    asyncio.run(play())
    assert failures
    failures.clear()
    assert told == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("SELECT ?p { ?s ?p ?o } ORDER BY ?p", "csv"),
        ("SELECT ?p { ?s ?p ?o } ORDER BY ?p", "tsv"),
        ("ASK {}", "xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "ttl"),
    ],
)
def test_an_answer_that_was_handed_on_is_written_as_the_engine_writes_it(text: str, written: str) -> None:
    limits, store = Limits(workers=1), graph().store

    async def play() -> bytes:
        served = ServedStore(Cached(Threads(store, limits), limits.cache), asyncio.get_running_loop())
        return await asyncio.to_thread(lambda: render(served.query(text), written))

    assert asyncio.run(play()) == render(store.query(text), written)


def test_threads_go_to_who_holds_fewest_and_none_is_lost_to_who_leaves_while_waiting() -> None:
    store, limits = Held(), Limits(workers=2, wait=60.0, timeout=60.0)

    async def play() -> None:
        threads = Threads(store, limits)

        def ask(client: str) -> asyncio.Task[Written]:
            return asyncio.create_task(threads.run(Job(f"ASK {{}} #{client}"), client))

        many = [ask("many") for _ in range(4)]
        for _ in range(2):
            await asyncio.to_thread(store.begun.acquire)
        gone, few = ask("gone"), ask("few")
        await asyncio.sleep(0)
        gone.cancel()
        store.go.set()
        await asyncio.gather(*many, few)
        await asyncio.gather(ask("again"), ask("again"))

    asyncio.run(play())
    assert "ASK {} #few" in store.asked[:4]
    assert "ASK {} #gone" not in store.asked


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("timeout", "timeout is given no value.\nWrite it behind the name: timeout=5s"),
        ("result-bytes ", "result-bytes is given no value"),
        ("timeout=", "timeout cannot be ''"),
        ("timeout=٣", "timeout cannot be '٣'"),
        ("timeout=10000000000", "timeout cannot be '10000000000'"),
        (f"workers={'9' * 5000}", "workers cannot be '999"),
        ("timeouts=3", "no limit timeouts.\nDid you mean timeout"),
        ("timeouts", "no limit timeouts.\nDid you mean timeout"),
        ("=3", "no limit =3"),
        ("", "no limit "),
    ],
)
def test_a_limit_that_cannot_be_read_is_told_by_what_is_wrong_with_it(stated: str, says: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(says)):
        Limits.parse([stated])


@pytest.mark.parametrize("cause", ["memory", "killed", "crash"])
def test_who_is_refused_with_503_is_told_when_to_come_back(cause: str) -> None:
    problem = problem_of(refusals.ended(Limits(), cause))
    assert problem.status == 503
    assert int(problem.headers()["Retry-After"]) > 0


@given(ENCODED)
def test_percent_encoding_is_read_as_the_standard_library_reads_it(encoded: bytes) -> None:
    if re.search(rb"%(?![0-9A-Fa-f]{2})", encoded):
        with pytest.raises(MalformedRequest):
            decode_percent(encoded, "URL")
        return
    right = unquote_to_bytes(encoded)
    try:
        text = right.decode()
    except UnicodeDecodeError:
        with pytest.raises(MalformedRequest):
            decode_percent(encoded, "URL")
    else:
        assert decode_percent(encoded, "URL") == text


@given(st.binary().map(lambda data: (data, "".join(f"%{byte:02x}" for byte in data).encode())))
def test_all_bytes_can_be_percent_encoded(pair: tuple[bytes, bytes]) -> None:
    data, encoded = pair
    try:
        text = data.decode()
    except UnicodeDecodeError:
        with pytest.raises(MalformedRequest):
            decode_value(encoded, "URL")
    else:
        assert decode_value(encoded, "URL") == text


def test_a_full_shelf_keeps_what_is_asked_for_again_and_not_what_is_asked_for_once() -> None:
    shelf = Shelf(40_000)
    shelf.put(key("often"), reply())
    for number in range(200):
        assert shelf.find(key("often")) is not None
        shelf.put(key(f"once {number}"), reply())
    assert shelf.find(key("once 199")) is None
    assert shelf.bytes <= 40_000
    shelf.put(key("once 199"), reply())  # no longer once
    assert shelf.find(key("once 199")) is not None
    assert shelf.find(key("once 0")) is None  # the least used has made room
    assert shelf.find(key("often")) is not None
    assert shelf.bytes <= 40_000


def test_a_shelf_keeps_nothing_that_would_take_the_place_of_very_many() -> None:
    shelf = Shelf(40_000)
    for _ in range(3):
        shelf.put(key("large"), reply(10_000))
    assert (shelf.find(key("large")), shelf.bytes) == (None, 0)


@pytest.mark.parametrize("text", ["ASK {}", f"ASK {{}} # {'ø' * 5000}", 'SELECT "\n\ud800\x1f" {}'])
def test_the_journal_writes_a_line_of_json_for_each_query(tmp_path: Path, text: str) -> None:
    file = tmp_path / "log"
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY)
    outlet = Outlet(descriptor)
    journal = Journal(outlet)
    journal.query("a1", text, 0.0015, "answered", 17)
    outlet.write("in between\n")
    journal.query("a2", text, 2.0, "timeout", 0)
    outlet.close()
    os.close(descriptor)
    first, between, second = file.read_text("utf-8").splitlines()
    one, two = json.loads(first), json.loads(second)
    assert between == "in between"
    assert (one["id"], one["ms"], one["outcome"], one["bytes"]) == ("a1", 1.5, "answered", 17)
    assert (two["id"], two["ms"], two["outcome"], two["bytes"]) == ("a2", 2000.0, "timeout", 0)
    assert one["query"] == two["query"]
    assert len(one["query"]) == 16
    assert one["begins"] == text[:200]


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:1234", "192.0.2.1"),
        ("198.51.100.9, 192.0.2.1:80 , 10.0.0.1:99", "192.0.2.1"),
        ("[2001:db8::1]:99", "2001:db8::/64"),
        ("[2001:db8::2]", "2001:db8::/64"),
        ("2001:db8::3", "2001:db8::/64"),
        ("[::ffff:192.0.2.1]:7", "192.0.2.1"),
        ("unknown", "unknown"),
        ("", "10.0.0.1"),
    ],
)
def test_a_client_is_told_by_its_address_and_not_by_its_port(said: str, client: str) -> None:
    request = Request("10.0.0.1", ("127.0.0.1", "80"))
    request.headers.add(b"X-Forwarded-For", said.encode())
    assert Clients([ip_network("10.0.0.1")]).of(request) == client


@pytest.mark.parametrize(
    ("peer", "way", "said", "scheme"),
    [
        ("10.0.0.1", "192.0.2.1", "https", "https"),
        ("10.0.0.1", "192.0.2.1", " HTTPS ", "https"),
        ("10.0.0.1", "", "https", "https"),
        ("10.0.0.1", "192.0.2.1", "http, https", "https"),
        ("10.0.0.1", "192.0.2.1", "http", None),
        ("10.0.0.1", "192.0.2.1", "https, http", None),
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "https, http", "https"),
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "http; https; http", "https"),
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "https, http, http", None),
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "https", "https"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "https, http, http", "https"),
        ("10.0.0.1", "192.0.2.1", "ftp", None),
        ("10.0.0.1", "192.0.2.1", " ,, ", None),
        ("10.0.0.1", "192.0.2.1", "", None),
        ("192.0.2.1", "10.0.0.1", "https", None),
        ("192.0.2.1", "", "https", None),
    ],
)
def test_by_which_scheme_it_was_asked_is_believed_of_proxies_only(
    peer: str, way: str, said: str, scheme: str | None
) -> None:
    request = Request(peer, ("127.0.0.1", "80"))
    request.headers.add(b"X-Forwarded-For", way.encode())
    for line in said.split("; "):
        request.headers.add(b"X-Forwarded-Proto", line.encode())
    clients = Clients([ip_network("10.0.0.0/8")])
    for _ in range(2):  # headers that are the same again are not read again
        clients.settle(request)
        assert request.headers.get("x-forwarded-proto") == scheme
    assert request.headers.get_all("x-forwarded-proto") == ([scheme] if scheme else [])


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        ("10.3.0.1", "192.0.2.1"),
        ("::ffff:10.3.0.1", "192.0.2.1"),
        ("2001:DB8:0::7", "192.0.2.1"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("11.0.0.1", "11.0.0.1"),
        ("", ""),
    ],
)
def test_proxies_are_believed_by_network_however_their_address_is_written(peer: str, client: str) -> None:
    request = Request(peer, ("127.0.0.1", "80"))
    request.headers.add(b"X-Forwarded-For", b"192.0.2.1, 10.200.0.9")
    assert Clients([ip_network("10.0.0.0/8"), ip_network("2001:db8::/64")]).of(request) == client
