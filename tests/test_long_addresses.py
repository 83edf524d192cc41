"""Addresses as long as they may be: what is done for each character, and what of them is remembered."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pyoxigraph as ox
import pytest

from bibgraph.sparql import guard
from bibgraph.web.http.decoding import LONGEST_IRI, iri_path
from bibgraph.web.search import index, page, spelling
from bibgraph.web.server import intake, reply
from bibgraph.web.server.clients import Clients
from bibgraph.web.server.request import Request
from bibgraph.web.vocabulary import shapes
from pages_world import real_app
from web_world import client

SHORT, LONG = 999, 15_999
CALLS_FOR_EACH = 40
"""The page about the failure names the address several times, and the test's own client reads it."""
FORMATS = (
    *("/doc", "/doc/measure", "/graph", "/graph/measures/report", "/ontology", "/shapes"),
    *("/concepts", "/.well-known/void", "/changes", "/changes/activity", "/changes/releases", "/"),
)


def ways() -> list[str]:
    """The rules of all addresses in which a stranger may write something, with one place left for it."""
    rules = {rule.rule for rule in real_app().url_map.iter_rules() if "GET" in (rule.methods or ())}
    plain = {re.sub(r"<any\((\w+)[^>]*>", r"\1", rule) for rule in rules}
    # Where there are several places, all but the last hold what may well be there.
    filled = {re.sub(r"<[^>]*>(?=.*<)", "1", rule) for rule in plain if "<" in rule}
    found = {re.sub(r"<[^>]*>", "@", rule) for rule in filled}
    return sorted((*found, "/search?q=@", "/search?q=i&kind=@", "/search/suggest?q=@", "/changes?from=@"))


def calls(work: Callable[[], object]) -> int:
    """How many functions, of Python and of C, are called for a piece of work."""
    count = 0

    def seen(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("way", ways())
def test_the_work_for_an_address_grows_with_its_length_only(way: str) -> None:
    asked = real_app().test_client()

    def get(length: int) -> None:
        answer = asked.get(way.replace("@", '|a"' * (length // 3)), headers={"Accept": "text/html"})
        assert answer.status_code < 500

    get(SHORT)  # what is made once is made now
    assert calls(lambda: get(LONG)) - calls(lambda: get(SHORT)) < CALLS_FOR_EACH * (LONG - SHORT)


def test_a_path_is_encoded_again_without_a_call_for_each_character() -> None:
    assert iri_path('a|b"æ% \x7f/:') == "a%7Cb%22æ%25%20%7F/:"
    assert calls(lambda: iri_path("|a" * LONG)) < 10


@pytest.mark.parametrize("place", ["doc", "id", "graph", "feed", "sources", "neighbourhood", "timemap/doc"])
def test_an_iri_that_is_longer_than_any_is_not_looked_for(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    asked = client()
    assert asked.get(f"/{place}/short").status_code == 404
    monkeypatch.setattr(ox, "NamedNode", _never)
    assert asked.get(f"/{place}/{'a' * LONGEST_IRI}").status_code == 404


def _never(iri: str) -> object:
    raise AssertionError(f"{len(iri)} characters were taken for an IRI")


@pytest.mark.parametrize("place", FORMATS)
@pytest.mark.parametrize("wish", [{"format": "z"}, {}])
def test_a_format_that_there_is_not_is_told_before_all_is_read(
    monkeypatch: pytest.MonkeyPatch, place: str, wish: dict[str, str]
) -> None:
    asked = client()
    for module in ("things._found", "graphs.collect"):
        monkeypatch.setattr(f"bibgraph.web.documents.{module}", _unread)
    for one in ("vocabulary.ontology.Vocabulary._statements", "described.void.Void._quads"):
        monkeypatch.setattr(f"bibgraph.web.{one}", _unread)
    monkeypatch.setattr("bibgraph.web.described.catalog.Catalog._made", _unread)
    answer = asked.get(place, query_string=wish, headers={"Accept": "*/*" if wish else "image/png"})
    assert answer.status_code == 406


def _unread(*_asked: Any) -> object:  # noqa: ANN401  # it stands for several
    raise AssertionError("all was read")


@pytest.mark.parametrize("path", ["/doc/nothing", "/graph/nothing"])
def test_what_is_not_there_is_not_there_in_any_format(path: str) -> None:
    assert client().get(path, query_string={"format": "z"}).status_code == 404


@pytest.mark.parametrize("path", ["/doc.z", "/doc.z.ttl", "/doc..ttl", "/doc.z?format=ttl"])
def test_the_list_of_things_has_one_address_in_each_format(path: str) -> None:
    assert client().get(path).status_code == 404
    assert client().get("/doc.ttl").status_code == 200


def counted(monkeypatch: pytest.MonkeyPatch, place: object, name: str) -> list[tuple[Any, ...]]:
    """The calls of a function from now on, by what is handed to it; it does what it did."""
    seen: list[tuple[Any, ...]] = []
    does = vars(place)[name]

    def counting(*handed: Any) -> object:  # noqa: ANN401  # whatever the function takes
        seen.append(handed)
        return does(*handed)

    monkeypatch.setattr(place, name, counting)
    return seen


def test_the_name_of_a_file_of_rules_is_read_once_for_all_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    read = counted(monkeypatch, shapes, "iri_path")
    assert real_app().test_client().get("/shapes/none").status_code == 404
    assert len(read) == 1


def test_a_choice_is_read_once_for_all_that_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    read = counted(monkeypatch, page, "_iri")
    asked = "/search?q=i&kind=ontology%23Measure&line=id/none"
    assert real_app().test_client().get(asked).status_code == 200
    assert sorted(read) == [("id/none", "line"), ("ontology#Measure", "kind")]


def test_a_choice_longer_than_any_iri_is_refused_with_what_is_taken() -> None:
    answer = real_app().test_client().get(f"/search?q=i&kind={'a' * LONGEST_IRI}&lang=en")
    assert answer.status_code == 400
    assert (answer.json or {})["where"] == "kind"
    assert str(LONGEST_IRI) in (answer.json or {})["hint"]


def test_only_in_what_is_shown_the_words_sought_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = counted(monkeypatch, index, "_pieces")
    text = real_app().test_client().get("/search?q=bibliotek&lang=en", headers={"Accept": "text/html"}).text
    assert int((re.search(r"(\d+) things found", text) or ["", "0"])[1]) > 20
    assert len(marked) == 20


def test_a_word_that_is_sought_twice_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = index.SearchIndex([index.Text("a", "p", "bok og bok", "nb", 1)])
    matched = counted(monkeypatch, index.SearchIndex, "_match")
    assert [hit.thing for hit in found.find("bok bok BOK")] == ["a"]
    assert [len(terms) for _, _, terms in matched] == [1, 1, 1]


def test_of_long_words_and_names_nothing_is_remembered() -> None:
    clients = Clients([ip_network("10.0.0.0/8")])
    held: list[tuple[Any, Callable[[str], object], int]] = [
        (index._remembered, lambda word: index._stem(word, "norwegian"), 10_000),
        (spelling._remembered, spelling.alike, 10_000),
        (intake._remembered, _ask_of_host, 256),
        (clients._remembered, clients._is_proxy, 1024),
        (reply._remembered, lambda text: reply.Reply(200, (("Location", text),)).head(kept=True), 32),
        (guard._remembered, lambda text: guard.clauses(f"ASK {{ FILTER ('{text}' = '') }}"), 128),
    ]
    longest = 0
    for remembered, ask, most in held:
        lengths = []
        for length in (1, 40, 41, 45, 46, 300, 301, 3900, 4100, 32_000):
            before = remembered.cache_info().misses
            ask("x" * length)
            lengths += [length] if remembered.cache_info().misses > before else []
        assert remembered.cache_info().maxsize == most
        assert 0 < max(lengths) < 4000
        longest += most * max(lengths)
    assert longest < 2_500_000  # characters, of four bytes at most


def _ask_of_host(host: str) -> None:
    request = Request("127.0.0.1", ("127.0.0.1", "80"))
    request.http_version = "1.1"
    request.headers.add(b"Host", host.encode())
    intake._refuse_hosts(request)


def test_of_a_long_query_that_names_graphs_nothing_is_remembered() -> None:
    prefix, names = "a" * 1500, " ".join(f"FROM p:{number}" for number in range(100))
    for hidden in ("FROM", "fr\\u006Fm", "\\u0046rom"):
        before = guard._remembered.cache_info().currsize
        text = f"PREFIX p: <http://{prefix}/> ASK {names.replace('FROM', hidden)} {{}}"
        assert len(guard.clauses(text).default_graphs) == 100
        assert guard._remembered.cache_info().currsize == before
