"""Pages of large answers: they are given the beginning, and the number of all."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from bibgraph.config import Settings
from bibgraph.errors import LimitError
from bibgraph.limits import Limits
from bibgraph.store import Answer, Written
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.worker import perform
from bibgraph.store.serving import Cached
from bibgraph.store.taken import beyond, first, rows, triples
from bibgraph.store.threads import Threads
from bibgraph.store.writing import PAGE, SHOWN, beginning, render
from bibgraph.web import create_app
from bibgraph.web.server.clients import Clients
from bibgraph.web.server.gateway import Gateway
from bibgraph.web.server.journal import Journal
from bibgraph.web.server.pages import Site
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Request
from web_world import graph

COUNTS = (0, 1, SHOWN - 1, SHOWN, SHOWN + 1, 5 * SHOWN)
TERMS = '1 1.5 1e9 true "a\\tb\\n\\r\\"\\\\" "" "x"@nb <x:a%20b> "01"^^<x:y> UNDEF'


def numbers(count: int) -> str:
    """A pattern with so many solutions."""
    return f"VALUES ?n {{ {' '.join(map(str, range(count)))} }}"


def counted(answer: Answer) -> tuple[int, int]:
    """How many rows or triples are given, and how many there are besides."""
    assert isinstance(answer, ox.QuerySolutions | ox.QueryTriples)
    return sum(1 for _ in answer), beyond(answer)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(
    "text", ["SELECT ?n ?u { %s }", "SELECT ?u { %s }", "CONSTRUCT { <x:a> <x:b> ?n } { %s }"]
)
def test_a_beginning_knows_how_many_there_are(text: str, count: int) -> None:
    kind, body = perform(Job(text % numbers(count), PAGE, PAGE), graph().store, Limits())
    assert counted(first(Written(kind, body))) == (min(count, SHOWN), max(0, count - SHOWN))


def test_a_beginning_is_that_of_the_whole() -> None:
    text = f"SELECT ?x ?y {{ VALUES ?x {{ {TERMS} }} VALUES ?y {{ {TERMS} }} }}"
    begun, whole = (f(ox.Store().query(text)) for f in (beginning, lambda answer: render(answer, "json")))
    found, expected = first(Written("rows", begun)), rows(whole)
    assert isinstance(found, ox.QuerySolutions)
    assert isinstance(expected, ox.QuerySolutions)
    assert [v.value for v in found.variables] == [v.value for v in expected.variables]
    assert [tuple(row) for row in found] == [tuple(row) for row in expected]

    text = f"CONSTRUCT {{ <x:a> <x:b> ?n }} {{ {numbers(3 * SHOWN)} }}"
    begun, whole = (f(ox.Store().query(text)) for f in (beginning, lambda answer: render(answer, "nt")))
    found, expected = first(Written("triples", begun)), triples(whole)
    assert isinstance(found, ox.QueryTriples)
    assert isinstance(expected, ox.QueryTriples)
    assert list(found) == list(expected)[:SHOWN]


@pytest.mark.parametrize("text", ["SELECT ?n { %s }", "CONSTRUCT { <x:a> <x:b> ?n } { %s }"])
def test_of_what_is_larger_than_it_may_be_there_is_no_beginning(text: str) -> None:
    asked = text % numbers(2 * SHOWN)
    size = len(render(ox.Store().query(asked), "nt" if "CONSTRUCT" in text else "tsv"))
    assert beginning(ox.Store().query(asked), most=size)
    with pytest.raises(LimitError, match="larger than"):
        beginning(ox.Store().query(asked), most=size - 1)


@pytest.mark.parametrize("text", ["SELECT ?n { %s }", "CONSTRUCT { <x:a> <x:b> ?n } { %s }"])
def test_a_beginning_is_never_taken_for_the_whole(text: str) -> None:
    kind, body = perform(Job(text % numbers(2 * SHOWN), PAGE, PAGE), graph().store, Limits())
    begun = first(Written(kind, body))
    with pytest.raises(ValueError, match="but the first"):
        render(begun, "nt" if kind == "triples" else "json")


class Noting:
    """A store's answers, and the bytes of each."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self.sizes: list[int] = []

    @property
    def version(self) -> str:
        return self._threads.version

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        found = await self._threads.run(job, client, timeout)
        self.sizes.append(len(found.body))
        return found


def asked(text: str, accept: str) -> tuple[Reply, list[int]]:
    """The gateway's answer to a query, and the bytes of each answer that it was made of."""
    sound, limits = graph(), Limits()
    noting = Noting(Threads(sound.store, limits))
    site = Site(create_app(Settings(), sound, limits), Cached(noting, limits.cache))
    said = urlencode({"query": text, "lang": "en"})
    request = Request("127.0.0.1", ("a", "80"), method="GET", path="/sparql", query_string=said)
    request.headers.add(b"accept", accept.encode())
    return asyncio.run(Gateway(site, limits, Clients(), Journal()).reply(request)), noting.sizes


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("SELECT ?n { %s VALUES ?m { 0 1 2 3 4 5 6 7 8 } }", ("json", "xml", "csv", "tsv")),
        (
            "CONSTRUCT { <x:a> <x:b> ?o } { %s VALUES ?m { 0 1 2 3 4 5 6 7 8 } BIND (?n * 9 + ?m AS ?o) }",
            ("ttl", "nt", "jsonld", "rdf"),
        ),
    ],
)
def test_a_page_of_many_rows_is_made_of_the_first_and_tells_of_all(text: str, kinds: tuple[str, ...]) -> None:
    few, some = asked(text % numbers(SHOWN // 2), "text/html")
    many, same = asked(text % numbers(SHOWN), "text/html")
    assert few.status == many.status == 200
    page = many.body.decode()
    assert f"{9 * SHOWN} rows</h2>" in page
    assert f"Showing {SHOWN} of {9 * SHOWN} rows." in page
    assert page.count("<tr>") == SHOWN + 1
    assert all(f"format={kind}" in page for kind in kinds)
    assert len(same) == 1
    assert same[0] < 1.1 * some[0]


@pytest.mark.parametrize(
    ("text", "accept", "kind"),
    [
        ("SELECT ?n { %s }", "text/html, text/turtle;q=0.5", "text/html"),
        ("SELECT ?n { %s }", "text/turtle, text/html;q=0.5", "text/html"),
        ("CONSTRUCT { <x:a> <x:b> ?n } { %s }", "text/html;q=0.5, text/turtle", "text/turtle"),
        ("CONSTRUCT { <x:a> <x:b> ?n } { %s }", "text/html, text/csv", "text/html"),
        ("SELECT ?n { %s }", "text/html;q=0.5, text/csv", "text/csv"),
        ("ASK { %s }", "text/html", "text/html"),
    ],
)
def test_what_is_no_page_is_whole_where_pages_are_wanted_too(text: str, accept: str, kind: str) -> None:
    answer, _ = asked(text % numbers(2 * SHOWN), accept)
    assert (answer.status, answer.header("content-type").partition(";")[0]) == (200, kind)
    if kind == "text/csv":
        assert answer.body.count(b"\n") == 2 * SHOWN + 1
    elif kind == "text/turtle":
        assert len(list(ox.parse(answer.body, format=ox.RdfFormat.TURTLE))) == 2 * SHOWN
