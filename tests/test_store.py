from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.errors import QueryError, StoreError
from bibgraph.store import Answer, SparqlStore
from bibgraph.store import embedded as embedded_module
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.remote import RemoteStore

E = "https://example.org/"
TRIG = f"""
@prefix : <{E}> .
:one {{ :a :says "shared" . :a :says "only one" }}
:two {{ :a :says "shared" . :b :says "only two"@nb }}
"""
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SOURCES = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def quads() -> list[ox.Quad]:
    return list(ox.parse(TRIG, format=ox.RdfFormat.TRIG))


def rows(answer: Answer) -> list[tuple[str | None, ...]]:
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [tuple(row[name] and row[name].value for name in names) for row in answer]


def number(answer: Answer) -> int:
    ((found,),) = rows(answer)
    assert found is not None
    return int(found)


@pytest.fixture(params=[False, True], ids=["as loaded", "settled"])
def embedded(request: pytest.FixtureRequest) -> EmbeddedStore:
    store = EmbeddedStore(quads(), "v1")
    if request.param:
        store.settle()
    return store


def test_a_triple_stated_in_two_graphs_counts_once(embedded: EmbeddedStore) -> None:
    assert number(embedded.query(COUNT)) == 3
    assert number(embedded.query(SOURCES)) == 4


@given(st.permutations(quads()))
def test_what_is_found_in_a_settled_store_comes_in_one_order(shuffled: list[ox.Quad]) -> None:
    one, other = EmbeddedStore(quads(), "v1"), EmbeddedStore(shuffled, "v1")
    one.settle()
    other.settle()
    text = "SELECT * { ?s ?p ?o }"
    assert rows(one.query(text)) == rows(other.query(text))


_CHAIN = [
    ox.Quad(ox.NamedNode(f"{E}{n}"), ox.NamedNode(f"{E}p{n % 2}"), ox.NamedNode(f"{E}{n + 1}"), graph)
    for n in range(12)
    for graph in (ox.NamedNode(f"{E}g{n % 3}"), ox.BlankNode("own"))[: 2 if n == 4 else 1]
]
"""Triples of which one is in two graphs, so few that they are held without copies too."""
_TERMS = st.sampled_from(("?a", "?b", "?c", "<4>", "<5>"))
_LINKS = st.sampled_from(("?l", "<p0>", "<p1>", "<p0>|<p1>", "(<p0>|<p1>)+", "<p0>?", "^<p1>", "!<p1>"))
_TRIPLES = st.builds("{} {} {} .".format, _TERMS, _LINKS, _TERMS)
_GROUPS = st.recursive(
    st.one_of(_TRIPLES, _TRIPLES.map("GRAPH ?g {{ {} }}".format), _TRIPLES.map("GRAPH <g1> {{ {} }}".format)),
    lambda inner: st.one_of(
        st.builds("{} {}".format, inner, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        inner.map("OPTIONAL {{ {} }}".format),
        inner.map("MINUS {{ {} }}".format),
        inner.map("FILTER NOT EXISTS {{ {} }}".format),
    ),
    max_leaves=4,
)


@given(_GROUPS)
def test_a_set_is_the_same_with_copies_and_without(group: str) -> None:
    plain, settled = EmbeddedStore(_CHAIN, "v1"), EmbeddedStore(_CHAIN, "v1")
    settled.settle()
    base = f"BASE <{E}> "
    found = [
        sorted(map(str, rows(store.query(f"{base}SELECT DISTINCT ?a ?b ?c ?g ?l {{ {group} }}"))))
        for store in (plain, settled)
    ]
    assert found[0] == found[1]
    asked = [
        bool(store.query(f"{base}ASK {{ GRAPH ?g {{ <4> ?l ?a }} {group} }}")) for store in (plain, settled)
    ]
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s <p0> ?o  GRAPH ?g { ?o ?l ?a } }",
        "SELECT DISTINCT (COUNT(*) AS ?n) { ?s <p0> ?o  FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }",
        "SELECT DISTINCT (SUM # of all\n(1) AS ?n) { ?s <p0> ?o  FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }",
        "SELECT DISTINCT ?n { { SELECT (COUNT(?s) AS ?n) { ?s <p0> ?o } } GRAPH ?g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?g { GRAPH ?g { ?s ?p ?o } } } ?s <p0> ?o }",
        "SELECT DISTINCT ?s (BNODE() AS ?new) { ?s <p0> ?o  FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }",
        "CONSTRUCT { [] <of> ?s } { ?s <p0> ?o  FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }",
    ],
)
def test_what_counts_each_solution_counts_a_triple_once(text: str) -> None:
    plain, settled = EmbeddedStore(_CHAIN, "v1"), EmbeddedStore(_CHAIN, "v1")
    settled.settle()
    one, other = ([*store.query(f"BASE <{E}> {text}")] for store in (plain, settled))  # type: ignore[misc]
    assert len(one) == len(other)
    if "AS ?n)" in text:
        assert sorted(row["n"].value for row in one) == sorted(row["n"].value for row in other)


def test_where_a_number_of_solutions_is_passed_over_a_triple_counts_once() -> None:
    settled = EmbeddedStore(_CHAIN, "v1")
    settled.settle()
    text = f"BASE <{E}> ASK {{ <4> <p0> ?o  FILTER EXISTS {{ GRAPH ?g {{ <4> ?p ?o }} }} }}"
    assert settled.query(text)
    assert not settled.query(f"{text} OFFSET 1")


def test_quads_of_no_graph_are_found_with_those_of_graphs() -> None:
    beside = ox.Quad(ox.NamedNode(f"{E}beside"), ox.NamedNode(f"{E}p0"), ox.NamedNode(f"{E}0"))
    store = EmbeddedStore([*_CHAIN, beside], "v1")
    store.settle()
    found = rows(store.query(f"SELECT DISTINCT ?s {{ ?s <{E}p0> ?o  GRAPH ?g {{ ?o ?p ?next }} }}"))
    assert (beside.subject.value,) in found  # type: ignore[union-attr]


def test_sources_are_told_apart_by_graph(embedded: EmbeddedStore) -> None:
    found = rows(embedded.query("SELECT ?g { GRAPH ?g { ?s ?p 'shared' } } ORDER BY ?g"))
    assert found == [(f"{E}one",), (f"{E}two",)]


@pytest.mark.parametrize(
    ("default", "named", "triples", "in_graphs"),
    [
        (["one"], [], 2, 0),
        (["one", "two"], [], 3, 0),
        (["one", "one"], [], 2, 0),
        ([], ["two"], 0, 2),
        (["one", "two"], ["two"], 3, 2),
        (["one"], ["one", "two"], 2, 4),
    ],
)
def test_a_data_set_is_chosen_in_the_query_or_beside_it(
    embedded: EmbeddedStore, default: list[str], named: list[str], triples: int, in_graphs: int
) -> None:
    clauses = "".join([*(f"FROM <{E}{g}> " for g in default), *(f"FROM NAMED <{E}{g}> " for g in named)])
    chosen = {"default_graphs": [E + g for g in default], "named_graphs": [E + g for g in named]}
    for text, expected in ((COUNT, triples), (SOURCES, in_graphs)):
        assert number(embedded.query(text.replace("{", f"{clauses}{{", 1))) == expected
        assert number(embedded.query(text, **chosen)) == expected


@pytest.mark.parametrize("most", [0, 4, 100])
def test_selections_of_graphs_are_kept_as_long_as_they_are_small_together(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(embedded_module, "_MOST_KEPT", most)
    graphs = [f"{E}{number}" for number in range(12)]
    thing = ox.NamedNode(f"{E}thing")
    quads = [ox.Quad(thing, thing, thing, ox.NamedNode(graph)) for graph in graphs]
    store = EmbeddedStore(quads, "v")
    for _ in range(2):
        for first in range(12):
            chosen = graphs[first : first + 3]
            assert number(store.query(SOURCES, named_graphs=chosen)) == len(chosen)
            assert sum(size for _, size in store._kept.values()) <= most
            assert len(store._kept) <= 8
    assert bool(store._kept) is bool(most)


def test_a_data_set_beside_the_query_overrules_the_one_in_it(embedded: EmbeddedStore) -> None:
    clauses = f"FROM <{E}one> FROM NAMED <{E}one>"
    text = f"SELECT (COUNT(*) AS ?n) {clauses} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    assert number(embedded.query(text)) == 4
    assert number(embedded.query(text, default_graphs=[f"{E}two"])) == 2
    assert number(embedded.query(text, named_graphs=[f"{E}two"])) == 2


def test_a_graph_outside_the_data_is_refused_with_one_like_it(embedded: EmbeddedStore) -> None:
    attempts: tuple[Callable[[], Answer], ...] = (
        lambda: embedded.query(f"ASK FROM <{E}onne> {{}}"),
        lambda: embedded.query(f"PREFIX e: <{E}> ASK FROM NAMED e:onne {{}}"),
        lambda: embedded.query("ASK {}", default_graphs=[f"{E}onne"]),
        lambda: embedded.query("ASK {}", named_graphs=[f"{E}onne", "not an IRI"]),
    )
    for attempt in attempts:
        with pytest.raises(QueryError, match=f"(?s)no graph {E}onne here.*Did you mean {E}one") as caught:
            attempt()
        assert caught.value.exit_code == 2


def test_triples_without_a_graph_are_in_the_default_graph_only() -> None:
    store = EmbeddedStore([ox.Quad(*quads()[0].triple)], "v")
    assert (number(store.query(COUNT)), number(store.query(SOURCES))) == (1, 0)


def test_all_forms_are_answered(embedded: EmbeddedStore) -> None:
    assert bool(embedded.query("ASK { ?s ?p 'shared' }")) is True
    assert isinstance(embedded.query("CONSTRUCT WHERE { ?s ?p ?o }"), ox.QueryTriples)
    assert isinstance(embedded.query(f"DESCRIBE <{E}a>"), ox.QueryTriples)


@pytest.mark.parametrize(
    ("text", "where"),
    [("SELECT * { ?s ?p }", "1:18"), ("SELECT *\n{ SERVICE <x:y> {} }", "2:3"), ("DROP ALL", "1:1")],
)
def test_what_cannot_be_asked_is_refused_at_its_place(embedded: EmbeddedStore, text: str, where: str) -> None:
    with pytest.raises(QueryError) as caught:
        embedded.query(text)
    assert caught.value.where == where


def test_an_embedded_store_has_the_version_it_is_given(embedded: EmbeddedStore) -> None:
    store: SparqlStore = embedded
    assert store.version == "v1"


# --- A service on this machine ---


@dataclass
class Service:
    """A SPARQL service with the data above; ``reply`` stands in for it when set."""

    url: str = ""
    requests: list[tuple[str, dict[str, list[str]], str]] = field(default_factory=list)
    reply: Callable[[BaseHTTPRequestHandler], None] | None = None
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler, told: dict[str, list[str]]) -> None:
        self.requests.append((handler.command, told, handler.headers["Accept"]))
        if self.reply:
            self.reply(handler)
            return
        store = EmbeddedStore(quads(), "v")
        try:
            answer = store.query(
                told["query"][0],
                default_graphs=told.get("default-graph-uri", ()),
                named_graphs=told.get("named-graph-uri", ()),
            )
        except QueryError as error:
            send(handler, 400, "text/plain", str(error).encode())
            return
        if isinstance(answer, ox.QueryTriples):
            send(
                handler, 200, "application/n-triples", answer.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
            )
        else:
            content = answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
            send(handler, 200, "application/sparql-results+json", content)


def send(handler: BaseHTTPRequestHandler, status: int, media_type: str, content: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@pytest.fixture
def service() -> Iterator[Service]:
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.answer(self, parse_qs(urlsplit(self.path).query))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.answer(self, parse_qs(body) | parse_qs(urlsplit(self.path).query))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/sparql"
    yield found
    found.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def replying(status: int, media_type: str, content: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: send(handler, status, media_type, content)


def test_a_remote_store_answers_as_an_embedded_one(service: Service, embedded: EmbeddedStore) -> None:
    remote: SparqlStore = RemoteStore(service.url)
    everything = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?o"
    assert rows(remote.query(everything)) == rows(embedded.query(everything))
    assert bool(remote.query("ASK { ?s ?p 'shared' }")) is True
    assert bool(remote.query("ASK { ?s ?p 'nothing' }")) is False
    triples = remote.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(triples, ox.QueryTriples)
    assert set(triples) == {quad.triple for quad in quads()}


def test_a_comment_does_not_make_an_update_of_a_query(service: Service) -> None:
    assert bool(RemoteStore(service.url).query("# it's INSERT\nASK {} # DELETE")) is True
    assert list(service.requests[0][1]) == ["query"]


def test_a_remote_data_set_goes_beside_the_query(service: Service) -> None:
    remote = RemoteStore(service.url)
    both = [f"{E}one", f"{E}two"]
    assert number(remote.query(COUNT, default_graphs=both)) == 3
    assert service.requests[-1][1]["default-graph-uri"] == both
    assert number(remote.query(SOURCES, named_graphs=both[:1])) == 2
    assert number(remote.query(COUNT.replace("{", f"FROM <{E}two> {{"))) == 2


def test_a_remote_graph_outside_the_data_is_refused_without_being_named_in_from(service: Service) -> None:
    remote = RemoteStore(service.url)
    for graph in (f"{E}other", "no IRI"):
        with pytest.raises(QueryError, match=f"no graph {graph}"):
            remote.query("ASK {}", default_graphs=[graph])
    assert not any("default-graph-uri" in told for _, told, _ in service.requests)


def test_long_queries_are_posted_and_short_ones_are_not(service: Service) -> None:
    remote = RemoteStore(service.url)
    remote.query("ASK {}")
    remote.query("ASK {} #" + "å" * 5000)
    RemoteStore(f"{service.url}?key=1").query("ASK {}")
    asked = [(method, told) for method, told, _ in service.requests if told["query"][0].startswith("ASK")]
    assert [method for method, _ in asked] == ["GET", "POST", "POST"]
    assert asked[2][1]["key"] == ["1"]


def test_only_what_can_be_read_is_asked_for(service: Service) -> None:
    remote = RemoteStore(service.url)
    remote.query("ASK {}")
    remote.query("DESCRIBE <x:y>")
    accepted = {told["query"][0].split()[0]: accept for _, told, accept in service.requests}
    assert accepted["ASK"] == "application/sparql-results+json"
    assert accepted["DESCRIBE"] == "application/n-triples, text/turtle;q=0.9"


def test_nothing_is_sent_of_a_query_that_is_not_allowed(service: Service) -> None:
    with pytest.raises(QueryError):
        RemoteStore(service.url).query("SELECT * { SERVICE <https://e/> {} }")
    assert not service.requests


@pytest.mark.parametrize(
    ("status", "error", "code", "says"),
    [
        (400, QueryError, 2, "does not take the query (HTTP 400): why, in words"),
        (413, QueryError, 2, "HTTP 413"),
        (414, QueryError, 2, "HTTP 414"),
        (401, StoreError, 3, "who asks"),
        (403, StoreError, 3, "does not allow"),
        (404, StoreError, 3, "ending in /sparql"),
        (418, StoreError, 3, "HTTP 418"),
        (429, StoreError, 3, "try again later"),
        (500, StoreError, 3, "The service failed (HTTP 500): why, in words"),
        (503, StoreError, 3, "try again later"),
        (504, StoreError, 3, "too long"),
    ],
)
def test_a_refusal_says_what_the_service_said(
    service: Service, status: int, error: type[StoreError], code: int, says: str
) -> None:
    service.reply = replying(status, "text/plain", b"why,\n in  words")
    with pytest.raises(error) as caught:
        RemoteStore(service.url).query("ASK {}")
    assert says in str(caught.value)
    assert (caught.value.where, caught.value.exit_code) == (service.url, code)


@pytest.mark.parametrize(
    ("text", "media_type", "content"),
    [
        ("ASK {}", "text/html", b"<html>welcome</html>"),
        ("ASK {}", "application/json", b"{}"),
        ("ASK {}", "application/sparql-results+json", b"["),
        (
            "SELECT ?s {}",
            "application/json",
            b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"x"}}]}}',
        ),
        ("SELECT ?s {}", "application/json", b'{"head":{"vars":["s"]},"results":{"bindings":[7]}}'),
        ("SELECT ?s {}", "application/json", b"\xff\xfe"),
        ("DESCRIBE <x:y>", "text/turtle", b"<a"),
        ("DESCRIBE <x:y>", "application/rdf+xml", b"<rdf/>"),
        ("DESCRIBE <x:y>", "text/plain", b"nonsense"),
    ],
)
def test_an_answer_that_cannot_be_read_is_the_services_failure(
    service: Service, text: str, media_type: str, content: bytes
) -> None:
    service.reply = replying(200, media_type, content)
    with pytest.raises(StoreError, match="cannot be read") as caught:
        RemoteStore(service.url).query(text)
    assert caught.value.where == service.url


def test_blank_nodes_are_read_however_they_are_labelled(service: Service) -> None:
    cells = [
        {"s": {"type": "bnode", "value": value}} for value in ("nodeID://b1", "nodeID://b2", "nodeID://b1")
    ]
    content = {"head": {"vars": ["s"]}, "results": {"bindings": cells}}
    service.reply = replying(200, "application/json", json.dumps(content).encode())
    first, second, third = rows(RemoteStore(service.url).query("SELECT ?s {}"))
    assert first == third != second


def test_a_service_that_hangs_is_given_up(service: Service) -> None:
    def hang(_: BaseHTTPRequestHandler) -> None:
        service.released.wait(120)

    service.reply = hang
    started = time.monotonic()
    with pytest.raises(StoreError, match=r"within 1 s\.") as caught:
        RemoteStore(service.url, timeout=1).query("ASK {}")
    assert time.monotonic() - started < 60
    assert caught.value.where == service.url


def test_a_service_that_trickles_is_given_up(service: Service) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        while not service.released.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    service.reply = trickle
    with pytest.raises(StoreError, match=r"within 0\.5 s\."):
        RemoteStore(service.url, timeout=0.5).query("ASK {}")
    service.released.set()


def test_an_answer_that_breaks_off_is_no_answer(service: Service) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b'{"head":{},"boolean":true}')

    service.reply = break_off
    with pytest.raises(StoreError, match="74 bytes of the answer are missing"):
        RemoteStore(service.url).query("ASK {}")


def test_a_closed_port_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/sparql"
    with pytest.raises(StoreError, match="cannot be reached: Connection refused") as caught:
        RemoteStore(url).query("ASK {}")
    assert caught.value.where == url


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http:///x", "http://[/"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        RemoteStore(url).query("ASK {}")


def test_the_version_of_a_remote_store_names_the_service() -> None:
    first, again, other = (
        RemoteStore(url).version for url in (f"http://127.0.0.1:9/{name}" for name in "aab")
    )
    assert first == again != other
    assert first.startswith("remote:")
