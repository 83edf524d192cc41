"""``bibgraph load``: what it sends, in each way, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.config import Settings
from bibgraph.errors import SourceError, StoreError
from bibgraph.graph import open_graph, read_files
from bibgraph.messages import message
from bibgraph.namespaces import GRAPHS
from bibgraph.publish.loading import Cargo, Loading
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.remote import LOADED, UNION, Clock, Login, RemoteStore, Service
from bibgraph.store.remote.filling import MOST_TRIPLES
from bibgraph.store.remote.requests import update_request
from conftest import Outcome
from contract_engines import Engine, oxigraph, virtuoso
from test_remote import Reply, Scripted, serve
from test_store import COUNT, SOURCES, number, rows

E = "https://example.org/"
ONE = f"""
@prefix : <{E}> .
:one {{ :a :says "shared" , "a \\\\u0022 and\\na line"@nb . :b :knows _:x . _:x :says "unnamed" }}
:two {{ :a :says "shared" . _:x :is :c }}
"""
TWO = f"@prefix : <{E}> .\n:two {{ :a :says 'changed' }}\n:three {{ :a :says 'new' }}\n"
MANY = "".join(f'<{E}s{n}> <{E}p> "å {n}" <{E}many> .\n' for n in range(2 * MOST_TRIPLES + 1))
WAYS = ("found", "update", "pieces", "graph-store")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as started:
        yield started


@pytest.fixture
def service() -> Iterator[Scripted]:
    yield from serve(Scripted())


def options(engine: Engine, way: str) -> list[str]:
    ways = {"found": [], "graph-store": ["--graph-store", engine.graph_store]}
    return ["--endpoint", engine.query, *ways.get(way, ["--update", engine.update])]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    one, two = tmp_path / "one.trig", tmp_path / "two.trig"
    one.write_text(ONE, "utf-8")
    two.write_text(TWO, "utf-8")
    return one, two


@pytest.mark.parametrize("way", WAYS)
def test_each_way_fills_the_service_and_replaces_what_an_earlier_load_left(
    bibgraph: Callable[..., Outcome],
    engine: Engine,
    files: tuple[Path, Path],
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if way == "pieces":
        monkeypatch.setattr("bibgraph.store.remote.filling.MOST_AT_ONCE", 0)
    monkeypatch.setattr("bibgraph.publish.loading.LEASE", 0.0)
    for file, distinct, sources in ((files[0], 5, 6), (files[1], 2, 2), (files[0], 5, 6)):
        outcome = bibgraph("load", *options(engine, way), "--data", file)
        assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
        store, same = RemoteStore(engine.query), EmbeddedStore(read_files([file]), "v")
        assert store.version == open_graph(Settings.load(), data=[file]).version
        assert (number(store.query(COUNT)), number(store.query(SOURCES))) == (distinct, sources)
        for text in (
            "SELECT ?o { ?s ?p ?o FILTER (!isBlank(?o)) } ORDER BY ?o",
            "SELECT DISTINCT ?g { GRAPH ?g {} }",
        ):
            assert sorted(rows(store.query(text))) == sorted(rows(same.query(text)))


@pytest.mark.parametrize("way", ["update", "pieces"])
def test_a_blank_node_is_one_node_in_the_graph_and_in_the_union(
    bibgraph: Callable[..., Outcome],
    engine: Engine,
    files: tuple[Path, Path],
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if way == "pieces":
        monkeypatch.setattr("bibgraph.store.remote.filling.MOST_AT_ONCE", 0)
    monkeypatch.setattr("bibgraph.publish.loading.LEASE", 0.0)
    assert bibgraph("load", *options(engine, way), "--data", files[0]).code == 0
    asked = f"SELECT ?c {{ <{E}b> ?p ?x . GRAPH ?g {{ ?x <{E}is> ?c }} }}"
    assert rows(RemoteStore(engine.query).query(asked)) == [(f"{E}c",)]


def test_other_data_in_the_service_is_left_alone_and_not_seen(
    bibgraph: Callable[..., Outcome], engine: Engine, files: tuple[Path, Path]
) -> None:
    strange = "INSERT DATA { <x:a> <x:b> <x:c> GRAPH <x:g> { <x:a> <x:b> <x:c> } }"
    Service(engine.update).fetch(update_request(engine.update, strange))
    assert bibgraph("load", *options(engine, "update"), "--data", files[1]).code == 0
    store = RemoteStore(engine.query)
    assert store.size("x:g") == 1
    assert (number(store.query(COUNT)), number(store.query(SOURCES))) == (2, 2)


def test_a_load_that_breaks_off_leaves_its_mark_until_the_next_one_ends(
    bibgraph: Callable[..., Outcome],
    engine: Engine,
    files: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_off(_: Loading) -> int:
        raise StoreError(message("Nobody is there."))

    with monkeypatch.context() as patch:
        patch.setattr(Loading, "_check", break_off)
        patch.setattr("bibgraph.publish.loading.LEASE", 0.0)
        outcome = bibgraph("load", *options(engine, "graph-store"), "--data", files[0])
    assert (outcome.code, outcome.err) == (3, "Nobody is there.\n")
    with pytest.raises(StoreError, match="being filled"):
        RemoteStore(engine.query).query("ASK {}")
    assert bibgraph("load", *options(engine, "update"), "--data", files[1]).code == 0
    assert number(RemoteStore(engine.query).query(SOURCES)) == 2


def test_two_who_load_at_one_time_do_not_leave_what_both_have_sent(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bibgraph.publish.loading.LEASE", 0.0)
    cargo = Cargo.of(ox.parse(ONE, format=ox.RdfFormat.TRIG), "v")
    other = f"INSERT DATA {{ GRAPH <{UNION}> {{ <x:other> <x:b> <x:c> }} }}"

    def meanwhile(*_: int) -> None:
        Service(engine.update).fetch(update_request(engine.update, other))

    def load(tell: Callable[..., None]) -> int:
        store = RemoteStore(engine.query)
        return Loading(cargo, store, login=Login(), graph_store=engine.graph_store).run(tell)

    with pytest.raises(StoreError, match="somebody else"):
        load(meanwhile)
    with pytest.raises(StoreError, match="being filled"):
        RemoteStore(engine.query).query("ASK {}")
    assert load(lambda *_: None) == cargo.distinct


def test_what_is_too_much_for_one_request_goes_in_pieces_and_is_counted(engine: Engine) -> None:
    quads = list(ox.parse(MANY, format=ox.RdfFormat.N_QUADS))
    told: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bibgraph.store.remote.filling.MOST_AT_ONCE", 1000)
        patch.setattr("bibgraph.publish.loading.LEASE", 0.0)
        loading = Loading(
            Cargo.of(quads, "v"), RemoteStore(engine.query), login=Login(), update=engine.update
        )
        assert loading.run(lambda *numbers: told.append(numbers)) == len(quads)
    sent = [number for number, _ in told]
    assert sent == sorted(sent)
    assert sent[-1] == 2 * len(quads)
    assert len(set(sent)) > 4


def test_the_projects_graph_has_the_version_of_the_embedded_store(
    bibgraph: Callable[..., Outcome], engine: Engine, checkout: Path
) -> None:
    assert bibgraph("load", *options(engine, "found"), "--root", checkout).code == 0
    embedded = open_graph(Settings.load(root=checkout)).store
    remote = RemoteStore(engine.query)
    assert remote.version == embedded.version
    assert number(remote.query(COUNT)) == number(embedded.query(COUNT))
    listed = bibgraph(
        "query", "strategies", "--endpoint", engine.query, "--format", "csv", "--root", checkout
    )
    assert listed.out == bibgraph("query", "strategies", "--format", "csv", "--root", checkout).out


def test_virtuoso_is_filled_in_both_ways_by_digest(
    tmp_path: Path,
    files: tuple[Path, Path],
    bibgraph: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = tmp_path / "large.nq"
    large.write_text(MANY, "utf-8")
    monkeypatch.setattr("bibgraph.publish.loading.LEASE", 0.0)
    with virtuoso(tmp_path) as started:
        for way, file, triples in (("update", files[1], 2), ("graph-store", files[0], 5)):
            monkeypatch.delenv("BIBGRAPH_ENDPOINT_USER", raising=False)
            refused = bibgraph("load", *options(started, way), "--data", file)
            assert refused.code == 3
            assert "BIBGRAPH_ENDPOINT_USER" in refused.err
            monkeypatch.setenv("BIBGRAPH_ENDPOINT_USER", started.login.user)
            monkeypatch.setenv("BIBGRAPH_ENDPOINT_PASSWORD", started.login.password)
            outcome = bibgraph("load", *options(started, way), "--data", file, large)
            assert (outcome.code, outcome.err) == (0, "")
            assert number(RemoteStore(started.query).query(COUNT)) == 2 * MOST_TRIPLES + 1 + triples


def test_a_dry_run_prints_graphs_and_sends_nothing(
    bibgraph: Callable[..., Outcome], service: Scripted, files: tuple[Path, Path]
) -> None:
    outcome = bibgraph("load", "--endpoint", service.url, "--dry-run", "--data", files[0])
    assert outcome.code == 0
    assert outcome.out.splitlines() == [f"PUT\t{E}one\t4", f"PUT\t{E}two\t2", f"PUT\t{UNION}\t5"]
    assert service.seen == []


@pytest.mark.parametrize("way", [["--update"], ["--graph-store"]])
def test_a_service_that_fails_is_told_with_what_it_says(
    bibgraph: Callable[..., Outcome], service: Scripted, files: tuple[Path, Path], way: list[str]
) -> None:
    service.decide = lambda handler: Reply(500, b"full") if handler.command in ("PUT", "POST") else None
    outcome = bibgraph("load", "--endpoint", service.url, *way, service.url, "--data", files[0])
    assert outcome.code == 3
    assert "full" in outcome.err


def test_a_graph_that_is_too_large_for_a_service_is_no_query(
    bibgraph: Callable[..., Outcome], service: Scripted, files: tuple[Path, Path]
) -> None:
    service.decide = lambda handler: Reply(413, b"big") if handler.command == "PUT" else None
    outcome = bibgraph("load", "--endpoint", service.url, "--graph-store", service.url, "--data", files[0])
    assert outcome.code == 2
    assert (
        "The service does not take what was sent (HTTP 413): big\nHave the service allow more" in outcome.err
    )


def test_addresses_of_two_services_are_noticed(
    bibgraph: Callable[..., Outcome], service: Scripted, engine: Engine, files: tuple[Path, Path]
) -> None:
    none = b'{"head":{"vars":["size"]},"results":{"bindings":[]}}'
    service.decide = lambda handler: Reply(body=none) if "COUNT" in handler.path else None
    outcome = bibgraph("load", "--endpoint", service.url, "--update", engine.update, "--data", files[0])
    assert outcome.code == 3
    assert "nothing of it is found" in outcome.err


def test_a_service_that_takes_no_updates_is_told_with_the_options_there_are(
    bibgraph: Callable[..., Outcome], service: Scripted, files: tuple[Path, Path]
) -> None:
    service.decide = lambda handler: Reply(405, b"no") if handler.command == "POST" else None
    outcome = bibgraph("load", "--endpoint", service.url, "--data", files[0])
    assert outcome.code == 3
    assert "--update" in outcome.err
    assert "--graph-store" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--endpoint"),
        (["--endpoint", "ftp://x/"], "http://"),
        (["--endpoint", "http://me:horse@x/"], "BIBGRAPH_ENDPOINT_USER"),
        (["--endpoint", "http://x/", "--update", "x"], "update"),
        (["--endpoint", "http://x/", "stray.ttl"], "--data"),
    ],
)
def test_wrong_use_ends_with_2(bibgraph: Callable[..., Outcome], arguments: list[str], says: str) -> None:
    outcome = bibgraph("load", *arguments)
    assert outcome.code == 2
    assert says in outcome.err
    assert "horse" not in outcome.err


def test_data_cannot_be_in_the_graphs_that_loading_needs() -> None:
    node = ox.NamedNode("x:y")
    for taken in (LOADED, UNION):
        with pytest.raises(SourceError) as caught:
            Cargo.of([ox.Quad(node, node, node, ox.NamedNode(taken))], "v")
        assert caught.value.where == taken


def test_triples_in_no_graph_are_in_the_union_alone() -> None:
    node = ox.NamedNode("x:y")
    cargo = Cargo.of([ox.Quad(node, node, node), ox.Quad(node, node, node, ox.NamedNode(f"{GRAPHS}a"))], "v")
    assert (cargo.counts(), cargo.distinct) == ({f"{GRAPHS}a": 1, UNION: 1}, 1)


def test_readers_are_given_time_to_hear_of_a_load_in_pieces(engine: Engine) -> None:
    slept: list[float] = []
    clock = Clock(sleep=slept.append)
    cargo = Cargo.of(ox.parse(ONE, format=ox.RdfFormat.TRIG), "v")
    for _ in range(2):
        store = RemoteStore(engine.query, clock=clock)
        Loading(cargo, store, login=Login(), graph_store=engine.graph_store).run(lambda *_: None)
    assert slept[-1] == 2.0
    with pytest.raises(StoreError):
        Loading(cargo, RemoteStore("http://127.0.0.1:9/", clock=clock), login=Login())
