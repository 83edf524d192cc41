"""The benchmark of the endpoint: that it runs, compares and counts rightly. Nothing here is about time."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
NAMES = ("answers", "graphs", "load", "page", "plans", "results", "running", "servers", "shape", "workloads")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, Any]]:
    """The modules of the benchmark by name; they are no part of the package."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield {name: importlib.import_module(f"endpoints.{name}") for name in NAMES}
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def made(parts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    folder = tmp_path_factory.mktemp("graphs")
    return {scale: parts["graphs"].make(folder, ROOT, scale) for scale in (1, 2)}


@pytest.mark.parametrize("scale", [1, 2])
def test_every_ready_question_has_an_answer_at_every_scale(
    parts: dict[str, Any], made: dict[int, Any], scale: int
) -> None:
    store = ox.Store()
    store.bulk_load(path=str(made[scale].copied))
    asked = parts["workloads"].questions(ROOT, made[1])
    assert len(asked) == len(list((ROOT / "queries" / "questions").glob("*.rq")))
    rows = {each.name: parts["answers"].rows_of(store.query(each.query)).total() for each in asked}
    assert min(rows.values()) > 0, rows


def test_a_server_has_started_when_it_answers_what_has_one_answer_at_all_scales(
    parts: dict[str, Any], made: dict[int, Any]
) -> None:
    request, expected = parts["workloads"].first(ROOT, [made[1].copied])
    assert expected.total() > 0
    assert "UNDEF" not in request.query  # so that no other plan can be meant
    store = ox.Store()
    store.bulk_load(path=str(made[2].copied))
    assert parts["answers"].rows_of(store.query(request.query)) == expected


def test_the_smallest_graph_is_about_as_large_as_the_projects_own(made: dict[int, Any]) -> None:
    own = ox.Store()
    for part in ("ontology", "data"):
        for file in (ROOT / part).rglob("*.ttl"):
            own.bulk_load(path=str(file))
    assert 0.8 < made[1].triples / len(own) < 1.25


def _kinds(quads: Iterable[ox.Quad]) -> Counter[str]:
    """How many things there are of each class."""
    return Counter(str(each.object) for each in {quad.triple for quad in quads} if each.predicate == TYPE)


def _default(file: Path) -> list[ox.Quad]:
    quads = ox.parse(path=str(file))
    return [quad for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph)]


def test_a_generated_graph_has_as_many_things_of_each_kind_as_the_projects_own(
    parts: dict[str, Any], made: dict[int, Any]
) -> None:
    shape = parts["shape"].shape_of(ROOT)
    own = _kinds([*shape.ontology, *shape.data])
    assert _kinds(_default(made[1].copied)) == own
    both = _kinds(_default(made[2].copied))
    assert both.keys() == own.keys()
    assert all(own[kind] <= both[kind] <= 2.5 * own[kind] for kind in own)
    assert both != own


def test_a_generated_graph_says_nothing_that_the_projects_own_says_and_its_long_texts_are_other_ones(
    parts: dict[str, Any], made: dict[int, Any]
) -> None:
    shape = parts["shape"].shape_of(ROOT)
    own = {quad.triple for quad in shape.data}
    generated = {quad.triple for quad in _default(made[1].copied)} - {quad.triple for quad in shape.ontology}
    fixed = {ox.NamedNode(iri) for iri in shape.fixed if iri}
    named = {each for each in generated if each.subject not in fixed}
    assert not named & own
    long = {
        each.object for each in own if isinstance(each.object, ox.Literal) and len(each.object.value) > 60
    }
    copied = long & {each.object for each in named}
    assert len(copied) < 0.1 * len(long)


@pytest.mark.parametrize(
    ("number", "given", "said"),
    [
        (1, "2024-02-29", "2024-02-29"),
        (2, "2024-02-29", "2023-02-28"),
        (5, "2024-02-29", "2020-02-29"),
        (3, "2023-01-13/..", "2021-01-13/.."),
        (16, "2025", "2025"),
    ],
)
def test_a_plan_is_moved_by_whole_years_to_days_that_there_are(
    parts: dict[str, Any], number: int, given: str, said: str
) -> None:
    date = ox.NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")
    thing, predicate = ox.NamedNode("urn:thing"), ox.NamedNode("urn:date")
    quad = ox.Quad(thing, predicate, ox.Literal(given, datatype=date), ox.NamedNode("urn:graph"))
    shape = parts["shape"].Shape((), (quad,), frozenset(), {}, {}, (), ())
    [moved] = parts["plans"].Plan(shape, number, 4).quads()
    assert moved.object == ox.Literal(said, datatype=date)


def test_the_default_graph_of_the_others_is_the_union_each_triple_once(made: dict[int, Any]) -> None:
    named, copied = (list(ox.parse(path=str(file))) for file in (made[2].named, made[2].copied))
    default = [quad.triple for quad in copied if isinstance(quad.graph_name, ox.DefaultGraph)]
    assert len(default) == len(set(default)) == made[2].triples
    assert set(default) == {quad.triple for quad in named}
    assert {quad for quad in copied if isinstance(quad.graph_name, ox.NamedNode)} == set(named)
    assert made[2].graphs == len({quad.graph_name for quad in named}) > 20


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(
    parts: dict[str, Any], made: dict[int, Any], tmp_path: Path
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    again.mkdir()
    other.mkdir()
    assert parts["graphs"].make(again, ROOT, 2).named.read_bytes() == made[2].named.read_bytes()
    assert parts["graphs"].make(other, ROOT, 2, seed=99).named.read_bytes() != made[2].named.read_bytes()


def test_looked_up_things_are_there(parts: dict[str, Any], made: dict[int, Any]) -> None:
    store = ox.Store()
    store.bulk_load(path=str(made[2].copied))
    things = {ox.NamedNode(thing) for thing in parts["graphs"].things(2, 40)}
    assert len(things) == 40
    assert all(next(store.quads_for_pattern(thing, None, None, None), None) for thing in things)


def test_a_fresh_request_is_another_text_with_the_same_answer(
    parts: dict[str, Any], made: dict[int, Any]
) -> None:
    store = ox.Store()
    store.bulk_load(path=str(made[1].copied))
    for request in parts["workloads"].questions(ROOT, made[1]):
        texts = [request.fresh().numbered(number) for number in (1, 2)]
        assert len({request.query, *texts}) == 3
        right, *given = (parts["answers"].rows_of(store.query(text)) for text in (request.query, *texts))
        assert given == [right, right], request.name


def test_hostile_queries_are_sparql(parts: dict[str, Any]) -> None:
    hostile = list(parts["workloads"].hostile())
    assert len(hostile) > 3
    for text in hostile:
        ox.Store().query(text)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"a": 1, "b": 2}, ""),
        ({"a": 1, "b": 1}, "1 rows lacking, 0 needless"),
        ({"a": 1, "b": 2, "c": 1}, "0 rows lacking, 1 needless"),
        ({}, "3 rows lacking, 0 needless"),
    ],
)
def test_answers_differ_by_rows_and_by_how_often_they_are_there(
    parts: dict[str, Any], given: dict[str, int], said: str
) -> None:
    answers = parts["answers"]
    right, other = (answers.Counter(each) for each in ({"a": 1, "b": 2}, given))
    assert answers.differs(right, other, answers.JSON) == said


def test_a_description_may_say_more_and_an_empty_answer_proves_nothing(parts: dict[str, Any]) -> None:
    answers = parts["answers"]
    assert answers.differs(answers.Counter("a"), answers.Counter("ab"), answers.TRIPLES) == ""
    assert answers.differs(answers.Counter("ab"), answers.Counter("a"), answers.TRIPLES)
    assert answers.differs(answers.Counter(), answers.Counter(), answers.JSON)


def test_a_plain_literal_is_read_alike_however_an_engine_spells_it(parts: dict[str, Any]) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    spelt = [
        {"type": "literal", "value": "a"},
        {"type": "literal", "value": "a", "datatype": f"{xsd}string"},
        {"type": "typed-literal", "value": "a", "datatype": f"{xsd}string"},
        {"type": "literal", "value": "a", "xml:lang": "nb"},
    ]
    bodies = (json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": each}]}}) for each in spelt)
    read = [parts["answers"].read(body.encode(), parts["answers"].JSON) for body in bodies]
    assert read[0] == read[1] == read[2] != read[3]


class Counting(BaseHTTPRequestHandler):
    """Answers look-ups with 200 and all else with 503, and keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200 if "good" in self.path else 503)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def counting() -> Iterator[ThreadingHTTPServer]:
    handler = type("Handler", (Counting,), {"asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_generator_counts_what_is_answered_and_what_is_refused(
    parts: dict[str, Any], counting: ThreadingHTTPServer, tmp_path: Path
) -> None:
    running, request = parts["running"], parts["workloads"].Request
    address = running.Address(counting.server_address[1], "/sparql")
    requests = [request("good", "good").fresh(), request("bad", "bad").fresh()]
    asked: list[str] = counting.RequestHandlerClass.asked  # type: ignore[attr-defined]
    for _ in range(3):  # a load that is held up for longer than it lasts is cut short, and proves nothing
        asked.clear()
        load = parts["load"].steady(address, requests, 0.5, 40.0, running.Cores.choose(), tmp_path)
        if load.answered + load.refused == 20:
            break
    assert load.answered == sum("good" in path for path in asked) > 0
    assert load.refused == sum("bad" in path for path in asked) > 0
    assert len(set(asked)) == len(asked) == 20


def test_a_load_that_nothing_answers_is_broken_and_not_fast(parts: dict[str, Any], tmp_path: Path) -> None:
    running = parts["running"]
    address = running.Address(running.free_port(), "/sparql")
    requests = [parts["workloads"].Request("good", "good")]
    load = parts["load"].steady(address, requests, 0.2, 40.0, running.Cores.choose(), tmp_path)
    assert (load.answered, load.rate) == (0, 0)
    assert load.broken > 0
    assert load.p99 == 200


def test_a_server_is_stopped_with_its_children(parts: dict[str, Any], tmp_path: Path) -> None:
    child = "[sys.executable, '-c', 'import time; time.sleep(60)']"
    script = (
        f"import subprocess, sys, time; subprocess.Popen({child}); print('up', flush=True); time.sleep(60)"
    )
    command = (sys.executable, "-c", script)
    process = parts["running"].Process.start(command, tmp_path / "log.txt", None, {})
    while "up" not in process.said():
        assert process.alive
    children = [pid for pid in process._pids() if pid != process.popen.pid]
    assert len(children) == 1
    assert process.memory()[1] > process.memory()[0] > 0
    process.stop()
    assert not process.alive
    assert not any(_runs(pid) for pid in children)


def _runs(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_wrong_answer_does_not_count_as_fast(parts: dict[str, Any]) -> None:
    results = parts["results"]
    at = results.AtScale(1, 10, 1, ["one", "two"])
    for server, rates in {"ours": (100.0, 100.0), "theirs": (50.0, 9000.0)}.items():
        for name, rate in zip(at.questions, rates, strict=True):
            at.cell(name, results.FRESH, server).rates.append(rate)
    assert at.ratio("ours", "theirs", results.FRESH) == (pytest.approx(0.149, abs=0.001), 2)
    at.wrong["theirs"] = {"two": "3 rows lacking, 0 needless"}
    assert at.ratio("ours", "theirs", results.FRESH) == (pytest.approx(2.0), 1)
    assert at.mean_rate("theirs", results.FRESH) == pytest.approx(50.0)


def test_the_short_mode_prints_a_page_with_numbers_for_each_server() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = (sys.executable, str(BENCHMARKS / "endpoint.py"), "--short")
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if "|" in line
    ]
    numbers = next(row for row in rows if row[0] == "bibgraph")
    assert all(float(cell.replace(" ", "")) > 0 for cell in numbers[1:9]), numbers
    looked_up = next(row for row in rows if row[0] == "`look-up`")
    assert int(looked_up[1]) > 5
    assert "Answers that are not bibgraph's: none." in done.stdout
    assert "Oxigraph in memory" in done.stdout  # measured, or said not to be installed


def test_the_page_names_what_is_wrong_refused_and_left_out(parts: dict[str, Any]) -> None:
    results, load = parts["results"], parts["load"].Load(0, 7, 1, 1.0, 0.0, 0.0, 0.0)
    at = results.AtScale(1, 10, 1, ["one"], rows={"one": 3}, failed={"other": "it ended"})
    for key in ("bibgraph", "theirs"):
        at.loaded[key] = results.Loaded(0.0, 1.0, 10.0, 20.0)
        at.cell("one", results.FRESH, key).add(dataclasses.replace(load, answered=5))
    at.wrong["theirs"] = {"one": "1 rows lacking, 0 needless"}
    names = {"bibgraph": "bibgraph", "theirs": "Theirs", "other": "Other"}
    found = results.Results(
        "python x", {"date": "2026-01-01"}, names=names, skipped=["Fourth is not installed"]
    )
    found.scales.append(at)
    text = "\n".join(parts["page"].page(found, ()))
    assert "- Theirs: `one`: 1 rows lacking, 0 needless" in text
    assert "- Other did not start: it ended" in text
    assert "Theirs, one, new text: 7 and 1" in text
    assert "Not measured: Fourth is not installed." in text
    assert "| `one` | 3 | 5 | ✗ |" in text


def test_numbers_are_shown_with_three_digits(parts: dict[str, Any]) -> None:
    number = parts["page"].number
    assert [number(value) for value in (0.0123, 1.234, 99.96, 1234.5, 1_400_000)] == [
        *("0.0123", "1.23", "100", "1 234", "1 400 000")
    ]
