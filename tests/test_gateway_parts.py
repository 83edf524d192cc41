"""The parts of the server that make it fast: what they keep, whom they watch, how they read and write."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.limits import Limits
from bibgraph.store.sandbox import refusals
from bibgraph.store.serving import lasting
from bibgraph.web.http.decoding import MalformedRequest, decode_percent, decode_value
from bibgraph.web.http.problems import problem_of
from bibgraph.web.server.journal import Journal, Outlet
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.shelf import Key, Shelf

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
    ],
)
def test_what_makes_new_nodes_or_asks_for_the_time_is_not_kept(text: str) -> None:
    assert not lasting(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p [ ] }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER (?o > 1) }",
        "SELECT ?known { ?known a <x:Constructed> }",
        "SELECT * {} # " + "CONSTRUCT " * 100_000,  # which may not be looked through again for each word
    ],
    ids=lambda text: text[:30],
)
def test_what_has_the_same_answer_each_time_is_kept(text: str) -> None:
    assert lasting(text)


def test_limits_are_read_as_they_are_shown() -> None:
    for limits in (Limits(), Limits(query_bytes=1, memory=3000, client_budget=0, timeout=2.5)):
        shown = [f"{name}={value}" for name, value in limits.shown().items()]
        assert Limits.parse(shown) == limits


@pytest.mark.parametrize("cause", ["memory", "crash", "killed"])
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
