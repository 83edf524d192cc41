"""Workers and the pool: whatever a query does, or happens to a process, the next answer is right."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import platform
import signal
import socket
import subprocess
import sys
import time
import tracemalloc
from asyncio import Future, Runner, Task
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph import errors
from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, Forbidden, LimitError, QueryError, SourceError, StoreError
from bibgraph.limits import Limits
from bibgraph.messages import Message
from bibgraph.store.sandbox import pace
from bibgraph.store.sandbox import pool as pool_module
from bibgraph.store.sandbox.budget import Budget
from bibgraph.store.sandbox.forking import ForkNursery
from bibgraph.store.sandbox.frames import JOB, Job, cause, decode_error, encode_error
from bibgraph.store.sandbox.nursery import command
from bibgraph.store.sandbox.pace import LONG, Run
from bibgraph.store.sandbox.pool import Pool
from bibgraph.store.sandbox.processing import processing
from bibgraph.store.sandbox.queue import Queue
from bibgraph.store.sandbox.slices import (
    ATTRIBUTES,
    SET,
    SLICE,
    come_at_once,
    run_in_batches,
    take_long_slices,
)
from bibgraph.store.sandbox.spawning import SpawnNursery
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker
from hostile.battery import listening
from hostile.tree import Tree

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked"),
]

T = TypeVar("T")
LIMITS = Limits(
    timeout=60.0, memory=64 << 20, result_bytes=64 << 10, workers=2, queue=3, wait=60.0, client_budget=0
)
SHORT = 0.4
"""Seconds for what never ends, where it has to be ended."""
SECONDS = 60.0
"""After so many, what has not happened never will, however slow the machine."""
RIGHT = Job("SELECT (2 * 21 AS ?n) {}", "csv")
DATA = Job("SELECT ?n { ?s <https://example.org/n> ?n }", "csv")
_NUMBERS = " ".join(map(str, range(40)))
_VALUES = " ".join(f"VALUES ?v{number} {{ {_NUMBERS} }}" for number in range(8))
ENDLESS = Job(f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} }}")
GREEDY = Job(f"SELECT * {{ {_VALUES} }} ORDER BY ?v3")
WORDY = Job("SELECT * { " + " ".join(f"VALUES ?v{number} {{ {_NUMBERS} }}" for number in range(3)) + " }")
_SOME_VALUES = " ".join(f"VALUES ?v{number} {{ {_NUMBERS} }}" for number in range(4))
MIDDLING = Job(f"SELECT (COUNT(*) AS ?n) {{ {_SOME_VALUES} VALUES ?w {{ 1 2 }} }}", "csv")
MIDDLE = b"n\r\n%d\r\n" % (2 * 40**4)
TRIPLES = Job(WORDY.text.replace("SELECT *", "CONSTRUCT { [] <x:y> ?v0 } WHERE"))


class Lent(Nursery):
    """A nursery that several pools use, one after the other; each ends the workers that it has had."""

    def __init__(self, nursery: Nursery) -> None:
        self._nursery = nursery
        self.alive: dict[Worker, int] = {}

    async def open(self) -> None:
        self.version = self._nursery.version

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        worker = await self._nursery.hatch(ended)
        self.alive[worker] = worker.pid
        return worker

    async def end(self, worker: Worker) -> Ending:
        self.alive.pop(worker)
        return await self._nursery.end(worker)

    async def close(self) -> None:
        for worker in list(self.alive):
            await self.end(worker)


class Stage:
    """A zygote, and a loop to run pools over it."""

    def __init__(self, runner: Runner, nursery: ForkNursery) -> None:
        self._runner = runner
        self.nursery = nursery

    def run(self, play: Callable[[Pool, Lent], Coroutine[Any, Any, T]], limits: Limits = LIMITS) -> T:
        """What ``play`` makes of a new pool. No process and no descriptor is left of it."""

        async def whole() -> T:
            before = descriptors()
            async with pooled(Lent(self.nursery), limits) as (pool, lent):
                found = await play(pool, lent)
            await until(lambda: Tree(self.nursery.pid).members() == [self.nursery.pid])
            assert descriptors() <= before
            return found

        return self._runner.run(whole())


@asynccontextmanager
async def pooled(nursery: Lent, limits: Limits) -> AsyncIterator[tuple[Pool, Lent]]:
    """An open pool, closed at the end."""
    pool = Pool(nursery, limits)
    await pool.open()
    try:
        await until(lambda: len(pool._staff.idle) == limits.workers)
        yield pool, nursery
    finally:
        await until(lambda: not pool._staff.hatching)
        await pool.close()


def staged(told: list[str]) -> Iterator[Stage]:
    """A zygote started with this command, ended at the end."""
    with Runner() as runner:
        nursery = ForkNursery(told)
        runner.run(nursery.open())
        yield Stage(runner, nursery)
        runner.run(nursery.close())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sandbox") / "a.nq"
    file.write_text(
        '<https://example.org/a> <https://example.org/n> "7" <https://example.org/g> .\n', "utf-8"
    )
    return file


@pytest.fixture(scope="module")
def stage(data: Path) -> Iterator[Stage]:
    yield from staged(command(Settings(cache=None), [data], LIMITS))


@pytest.fixture(scope="module")
def unguarded() -> Iterator[Stage]:
    yield from staged([sys.executable, str(Path(__file__).with_name("unguarded_nursery.py"))])


def descriptors() -> int:
    """How many files and sockets this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def alone(play: Coroutine[Any, Any, None]) -> None:
    """Run this in a loop of its own; no process and no descriptor is left of it."""
    before = set(Tree(os.getpid()).members()), descriptors()
    with Runner() as runner:
        runner.run(play)
    assert (set(Tree(os.getpid()).members()), descriptors()) == before


async def limit_of(work: Awaitable[object]) -> tuple[str, str]:
    """The limit that a query meets, and its value."""
    with pytest.raises(LimitError) as met:
        await work
    return met.value.limit, met.value.value


async def right_again(pool: Pool) -> float:
    """Seconds until a right answer comes; until then, only 503 may."""
    began = time.monotonic()
    while True:
        with suppress(errors.Unavailable):
            assert (await pool.run(DATA)).body == b"n\r\n7\r\n"
            return time.monotonic() - began


def test_values_that_the_engine_finds_no_order_for_come_by_their_kind(stage: Stage) -> None:
    times = [
        f"'2020-01-01T{hour:02d}:{minute}:00{zone}'^^<http://www.w3.org/2001/XMLSchema#dateTime>"
        for zone in ("", "Z", "+13:00")
        for hour in range(24)
        for minute in ("00", "30")
    ]

    async def play(pool: Pool, _: Lent) -> None:
        text = f"SELECT ?x {{ VALUES ?x {{ {' '.join(times)} }} }} ORDER BY ?x"
        answer = await pool.run(Job(text, "csv"))
        assert answer.body.count(b"2020-01-01") == len(times)
        with pytest.raises(BibgraphError, match="The engine failed"):
            await pool.run(Job(f"{text} (EXISTS {{}})"))
        with pytest.raises(BibgraphError, match="The engine failed"):  # by kind, it is longer than it may be
            await pool.run(Job(f"{text} " + "?x " * 100))
        assert (pool.tally["crash"], pool.tally["answered"]) == (3, 1)
        much = text.replace("?x {", f"?x ('{'x' * 2000}' AS ?y) {{", 1)
        assert await limit_of(pool.run(Job(much))) == ("result-bytes", "64 KiB")

    stage.run(play)


GRAPH = "https://example.org/g"


@pytest.mark.parametrize(
    "job",
    [
        Job("SELECT ?n FROM <https://example.org/g> { ?s <https://example.org/n> ?n }", "csv"),
        Job(
            "SELECT ?n FROM NAMED <https://example.org/g> { GRAPH ?g { ?s <https://example.org/n> ?n } }",
            "csv",
        ),
        DATA._replace(default_graphs=(GRAPH,)),
        DATA._replace(default_graphs=(GRAPH,), named_graphs=(GRAPH,)),
        Job("SELECT ?n { GRAPH ?g { ?s <https://example.org/n> ?n } }", "csv", named_graphs=(GRAPH,)),
    ],
)
def test_a_worker_has_room_for_a_data_set_that_a_query_chooses(stage: Stage, job: Job) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        assert (await pool.run(job)).body == b"n\r\n7\r\n"

    stage.run(play)


def differs(nursery: ForkNursery, old: int) -> bool:
    """Whether another zygote is there."""
    return nursery.pid != old


async def until(happened: Callable[[], object]) -> None:
    """Wait for something to happen."""
    ends = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < ends, "it does not happen"
        await asyncio.sleep(0.005)


async def leave(asked: Iterable[Task[Any]]) -> None:
    """Wait no more for these answers."""
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


# What a query may use


def test_an_answer_comes_whole_and_the_version_is_known(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        assert (await pool.run(RIGHT)).body == b"n\r\n42\r\n"
        assert (await pool.run(DATA)).body == b"n\r\n7\r\n"
        assert (await pool.run(Job("ASK {}"))).kind == "boolean"
        assert (await pool.run(Job("CONSTRUCT WHERE { ?s ?p ?o }"))).kind == "triples"
        assert pool.version
        assert pool.version == stage.nursery.version

    stage.run(play)


@pytest.mark.parametrize(
    ("job", "limits", "met", "value"),
    [
        (ENDLESS, replace(LIMITS, timeout=1.5), "timeout", "1.5 s"),
        (GREEDY, LIMITS, "memory", "64 MiB"),
        (WORDY, LIMITS, "result-bytes", "64 KiB"),
        (TRIPLES, LIMITS, "result-bytes", "64 KiB"),
        (Job("SELECT * { " + "{" * 61 + "}" * 61 + " }"), LIMITS, "nesting", "60"),
        (Job("ASK {" + " " * 100_000 + "}"), LIMITS, "query-bytes", "100000 bytes"),
    ],
    ids=["timeout", "memory", "result-bytes", "triples", "nesting", "query-bytes"],
)
def test_a_limit_ends_the_query_says_its_value_and_the_next_answer_is_right(
    stage: Stage, job: Job, limits: Limits, met: str, value: str
) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        assert await limit_of(pool.run(job)) == (met, value)
        assert (await pool.run(DATA)).body == b"n\r\n7\r\n"

    stage.run(play, limits)


def test_a_deadline_is_kept(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> float:
        began = time.monotonic()
        await limit_of(pool.run(ENDLESS, "", SHORT))
        return time.monotonic() - began

    assert SHORT <= stage.run(play) < SECONDS / 2  # the query would take years


@pytest.mark.parametrize(("asked", "value"), [(0.15, "0.15 s"), (1000.0, "0.4 s"), (0.0, "0.4 s")])
def test_a_client_may_ask_for_less_time_but_not_for_more(stage: Stage, asked: float, value: str) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        assert await limit_of(pool.run(ENDLESS, "one", asked)) == ("timeout", value)

    stage.run(play, replace(LIMITS, timeout=SHORT))


def test_errors_of_a_query_come_as_they_are_and_the_worker_lives_on(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        await pool.run(RIGHT)
        hatched = pool.tally["hatched"]
        with pytest.raises(QueryError) as wrong:
            await pool.run(Job("SELECT * {\n ?s oops }"))
        assert wrong.value.where.startswith("2:")
        with pytest.raises(Forbidden):
            await pool.run(Job("SELECT * { SERVICE <https://example.org/> {} }"))
        with pytest.raises(QueryError, match="function"):
            await pool.run(Job("SELECT (<https://example.org/f>(1) AS ?x) {}"))
        with pytest.raises(errors.NotAcceptable) as refused:
            await pool.run(Job("ASK {}", rows=""))
        assert {"text/csv", "application/json", "text/html"} <= {*refused.value.available}
        assert pool.tally["refused"] == 4
        assert pool.tally["hatched"] <= max(hatched, 2)

    stage.run(play)


# What may happen to a process


def test_a_worker_killed_mid_query_is_told_of_and_replaced(stage: Stage) -> None:
    async def play(pool: Pool, lent: Lent) -> None:
        busy = asyncio.create_task(pool.run(ENDLESS))
        await until(lambda: pool.state["long"])  # so it has begun
        for pid in lent.alive.values():
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(errors.Unavailable):
            await busy
        await right_again(pool)  # the idle one is dead as well, and that may not have been heard of yet
        assert pool.tally["killed"] >= 1

    stage.run(play)


def test_killed_workers_are_back_at_once(stage: Stage) -> None:
    async def play(pool: Pool, lent: Lent) -> list[float]:
        back = []
        for _ in range(10):
            await until(lambda: pool.tally["hatched"] and len(lent.alive) == 2)
            for pid in lent.alive.values():
                os.kill(pid, signal.SIGKILL)
            back.append(await right_again(pool))
        return back

    back = stage.run(play)
    print(
        f"killed workers: right again after {median(back) * 1000:.1f} ms, at most {max(back) * 1000:.1f} ms"
    )
    assert median(back) < SECONDS / 10


@pytest.mark.parametrize(
    ("text", "kind", "tally"),
    [
        ("abort ", errors.Unavailable, "crash"),
        ("exit ", errors.Unavailable, "crash"),
        ("overflow ", LimitError, "stack"),
        ("hoard ", LimitError, "memory"),
        ("fault ", BibgraphError, "fault"),
    ],
)
def test_whatever_ends_a_worker_is_counted_by_its_cause(
    unguarded: Stage, text: str, kind: type[BibgraphError], tally: str
) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        for _again in range(3):
            with pytest.raises(kind):
                await pool.run(Job(text))
            assert (await pool.run(RIGHT)).body == b"n\r\n42\r\n"
        assert pool.tally[tally] == 3

    unguarded.run(play)


def test_a_query_that_is_asked_again_and_is_late_is_told_the_limit_and_not_what_was_left_of_it(
    unguarded: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_kind(_: str) -> str:
        time.sleep(0.3)  # so that less is left
        return ENDLESS.text

    monkeypatch.setattr(pool_module, "by_kind", by_kind)

    async def play(pool: Pool, _: Lent) -> None:
        assert await limit_of(pool.run(Job("abort "), "", 2.0)) == ("timeout", "2 s")
        assert pool.tally["crash"] == 1

    unguarded.run(play)


def test_a_query_that_is_asked_again_has_waited_already(
    unguarded: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "by_kind", lambda _: RIGHT.text)

    async def play(pool: Pool, _: Lent) -> None:
        begin = pool._pace.begin

        def begun(worker: Worker, answer: Future[tuple[int, bytes]], client: str, timeout: float) -> Run:
            run = begin(worker, answer, client, timeout)
            run.waited = pool.limits.wait
            return run

        monkeypatch.setattr(pool._pace, "begin", begun)
        first = asyncio.create_task(pool.run(Job("abort "), "a"))
        other = asyncio.create_task(pool.run(ENDLESS, "b"))  # gets the next worker
        assert await limit_of(asyncio.wait_for(first, SECONDS / 2)) == ("wait", "60 s")
        await leave((other,))

    unguarded.run(play, replace(LIMITS, workers=1))


@pytest.mark.parametrize("busy", [False, True])
def test_when_the_zygote_ends_a_new_one_comes(data: Path, busy: bool) -> None:  # noqa: FBT001  # a parameter
    async def play() -> None:
        nursery = ForkNursery(command(Settings(cache=None), [data], LIMITS))
        pool = Pool(nursery, LIMITS)
        await pool.open()
        for round_ in range(1, 4):
            old = nursery.pid
            running = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(2 * busy)]
            await until(lambda: not busy or pool.state["stopped"])
            os.kill(old, signal.SIGKILL)
            for one in running:
                with pytest.raises(StoreError):
                    await one
            await until(partial(differs, nursery, old))
            await right_again(pool)
            assert pool.tally["zygotes"] == round_
        await pool.close()

    alone(play())


def test_a_worker_is_not_ended_through_another_zygote(data: Path, stage: Stage) -> None:
    async def play(_: Pool, lent: Lent) -> None:
        other = ForkNursery(command(Settings(cache=None), [data], LIMITS))
        await other.open()
        worker = await lent.hatch(lambda _: None)
        assert (await other.end(worker)).cause == "killed"
        assert (await other.hatch(lambda _: None)).pid
        await other.close()
        lent.alive.pop(worker)
        os.kill(worker.pid, signal.SIGKILL)
        assert stage.nursery._control
        await stage.nursery._control.tell(f"E {worker.pid}")

    stage.run(play)


def test_data_that_cannot_be_loaded_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a:b> oops .", "utf-8")
    pool = Pool(ForkNursery(command(Settings(cache=None), [tmp_path / "a.ttl"], LIMITS)), LIMITS)
    with Runner() as runner, pytest.raises(SourceError, match=r"a\.ttl:1:"):
        runner.run(pool.open())


# Places, queues, budgets


def test_those_who_wait_too_long_or_come_too_late_are_told_so(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(pool.run(DATA)) for _ in range(3)]
        await asyncio.sleep(0)
        assert pool.state["waiting"] == 3
        met = await asyncio.gather(*(pool.run(DATA) for _ in range(4)), return_exceptions=True)
        full = [one for one in met if isinstance(one, LimitError)]
        assert {(one.limit, one.value) for one in full} == {("queue", "3")}
        assert all(one.retry_after > 0 for one in full)
        assert {one.body for one in await asyncio.gather(*waiting)} == {b"n\r\n7\r\n"}
        assert pool.waited > 0
        await leave(heavy)

    stage.run(play)


def test_a_wait_has_an_end(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0)
        assert await limit_of(pool.run(DATA)) == ("wait", "0.02 s")
        assert pool.state["waiting"] == 0
        await leave(heavy)

    stage.run(play, replace(LIMITS, wait=0.02))


def test_a_full_queue_is_shared_by_those_who_come(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS, "many", SHORT)) for _ in range(5)]
        await asyncio.sleep(0)
        assert (await pool.run(DATA, "few")).body == b"n\r\n7\r\n"
        found = await asyncio.gather(*heavy, return_exceptions=True)
        assert [one.limit for one in found if isinstance(one, LimitError)].count("queue") == 1

    stage.run(play)


@pytest.mark.parametrize("workers", [1, LIMITS.workers])
def test_long_queries_take_half_of_the_workers_and_stop_for_short_ones(stage: Stage, workers: int) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS, "many")) for _ in range(3)]
        await until(lambda: pool.state["stopped"])
        assert pool.state["long"] == 1
        for _again in range(20):
            assert (await pool.run(DATA, "few")).body == b"n\r\n7\r\n"
        assert not any(one.done() for one in heavy)  # nobody has waited for them
        await leave(heavy)
        assert pool.state == {"running": 0, "long": 0, "stopped": 0, "waiting": 0}
        await until(lambda: len(pool._staff.idle) == workers)

    stage.run(play, replace(LIMITS, workers=workers))


def test_a_place_for_long_queries_goes_to_another_client_than_the_last_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TURN", SECONDS)

    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS, "many"))]
        await until(lambda: pool.state["long"])
        heavy.append(asyncio.create_task(pool.run(ENDLESS, "many")))
        await until(lambda: pool.state["stopped"] == 1)
        heavy.append(asyncio.create_task(pool.run(ENDLESS, "few")))
        await until(lambda: pool.state["stopped"] == 2)
        await leave(heavy[:1])
        await until(lambda: pool.state["long"])
        assert [run.client for run in pool._pace.runs.values() if run.long] == ["few"]
        await leave(heavy[1:])

    stage.run(play)


@pytest.mark.parametrize("client", ["many", "few"])
def test_middling_queries_get_their_turn_whoever_asks_what_never_ends(stage: Stage, client: str) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS, "many")) for _ in range(2)]
        await until(lambda: pool.state["stopped"])
        found = await asyncio.gather(*(pool.run(MIDDLING, client) for _ in range(2)))
        assert [one.body for one in found] == [MIDDLE] * 2
        assert not any(one.done() for one in heavy)
        await leave(heavy)

    stage.run(play)


def test_of_too_many_stopped_queries_those_of_who_has_most_make_room(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS, "many")) for _ in range(9)]
        await until(lambda: pool.state["stopped"] == 8)
        assert await limit_of(pool.run(ENDLESS, "many")) == ("workers", "2")
        assert not any(one.done() for one in heavy)
        assert (await pool.run(MIDDLING, "few")).body == MIDDLE
        assert [await limit_of(one) for one in heavy if one.done()] == [("workers", "2")]
        await leave(heavy)

    stage.run(play, replace(LIMITS, queue=9))


def test_a_stopped_query_goes_on_where_it_was_and_answers_right(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        stopped = 0

        async def watch() -> None:
            nonlocal stopped
            while True:
                stopped = max(stopped, pool.state["stopped"])
                await asyncio.sleep(0.005)

        watching = asyncio.create_task(watch())
        found = await asyncio.gather(*(pool.run(MIDDLING, str(n)) for n in range(3)))
        watching.cancel()
        assert {one.body for one in found} == {MIDDLE}
        assert stopped

    stage.run(play)


def test_who_has_waited_for_a_worker_is_stopped_for_so_much_less(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TURN", SECONDS)

    async def play(pool: Pool, _: Lent) -> None:
        heavy = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(LIMITS.workers + 2)]
        await until(lambda: len(pool._pace.paused) == len(heavy) - 1)
        assert sum(run.waited > 0 for run in pool._pace.paused) == 2
        await leave(heavy)

    stage.run(play)


def test_those_who_are_stopped_for_too_long_are_told_so(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        both = {asyncio.create_task(pool.run(ENDLESS)) for _ in range(2)}
        told, goes_on = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        assert [await limit_of(one) for one in told] == [("wait", "0.3 s")]
        assert pool.state == {"running": 1, "long": 1, "stopped": 0, "waiting": 0}
        await leave(goes_on)

    stage.run(play, replace(LIMITS, wait=0.3))


def test_a_budget_is_charged_and_fills_again() -> None:
    now = [0.0]
    budget = Budget(30.0, lambda: now[0])
    assert budget.wait("a") == 0
    budget.charge("a", 29)
    assert budget.wait("a") == 0
    budget.charge("a", 11)
    assert budget.wait("a") == 20  # owes 10 of 30 a minute
    assert budget.wait("b") == 0
    now[0] = 19.0
    assert budget.wait("a") == pytest.approx(1)
    now[0] = 21.0
    assert budget.wait("a") == 0
    now[0] = 10_000.0
    budget.charge("a", 31)
    assert budget.wait("a") == pytest.approx(2)


def test_a_budget_that_is_off_never_ends_and_clients_are_forgotten_in_turn() -> None:
    off = Budget(0.0, lambda: 0.0)
    off.charge("a", 10**9)
    assert off.wait("a") == 0
    budget = Budget(1.0, lambda: 0.0)
    for number in range(20_000):
        budget.charge(str(number), 5)
    assert len(budget._left) <= 10_000
    assert budget.wait("19999") > 0


def test_who_has_used_up_the_budget_may_ask_what_is_short_only(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        with pytest.raises(LimitError) as met:
            await pool.run(ENDLESS, "a")
        assert (met.value.limit, met.value.value) == ("client-budget", "2 s/min")
        assert met.value.retry_after > 0
        await until(lambda: not pool._staff.tasks)  # what it has used is known once its worker has ended
        assert await limit_of(pool.run(MIDDLING, "a")) == ("client-budget", "2 s/min")
        assert (await pool.run(DATA, "a")).body == b"n\r\n7\r\n"
        assert (await pool.run(MIDDLING, "b")).body == MIDDLE
        assert pool.tally["over-budget"] == 2

    stage.run(play, replace(LIMITS, client_budget=2.0))


@pytest.mark.skipif(processing(os.getpid()) is None, reason="the system has no clock of other processes")
def test_who_gets_no_processor_is_short_however_long_it_takes(stage: Stage) -> None:
    async def play(pool: Pool, lent: Lent) -> None:
        pool._budget.charge("a", 1)
        for pid in lent.alive.values():
            os.kill(pid, signal.SIGSTOP)
        short = asyncio.create_task(pool.run(DATA, "a"))
        await asyncio.sleep(5 * LONG)
        assert pool.state == {"running": 1, "long": 0, "stopped": 0, "waiting": 0}
        for pid in lent.alive.values():
            os.kill(pid, signal.SIGCONT)
        assert (await short).body == b"n\r\n7\r\n"

    stage.run(play, replace(LIMITS, client_budget=0.0001))


def test_an_answer_in_time_counts_though_it_is_read_late(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        asked = asyncio.create_task(pool.run(DATA, "", SHORT))
        await asyncio.sleep(0)
        time.sleep(2 * SHORT)  # as if this process, but not the worker, were kept from its processor
        assert (await asked).body == b"n\r\n7\r\n"

    stage.run(play)


def test_a_caller_that_leaves_frees_its_worker(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        for _again in range(5):
            leaving = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(5)]
            await until(lambda: pool.state["running"])
            await leave(leaving)
            assert pool.state == {"running": 0, "long": 0, "stopped": 0, "waiting": 0}
            assert (await pool.run(DATA)).body == b"n\r\n7\r\n"
        assert pool.tally["left"] >= 5

    stage.run(play)


def slice_of(pid: int) -> int:
    """Nanoseconds for which a process goes on, as ``sched_getattr`` (the number after its twin's) tells."""
    told = ctypes.create_string_buffer(ATTRIBUTES.size)
    number = SET[platform.machine()] + 1
    assert ctypes.CDLL(None).syscall(ctypes.c_long(number), pid, told, ATTRIBUTES.size, 0) == 0
    return int(ATTRIBUTES.unpack(told.raw)[5])


@pytest.mark.skipif(platform.machine() not in SET, reason="slices can be set on Linux, on some processors")
def test_workers_go_on_for_long_and_whom_they_serve_does_not(stage: Stage) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0 if take_long_slices() and slice_of(0) == SLICE else 1)
    if os.waitpid(pid, 0)[1]:
        pytest.skip("this system has one length for all")

    async def play(pool: Pool, _: Nursery) -> None:
        await until(lambda: {slice_of(worker.pid) for worker in pool._staff.idle} == {SLICE})

    stage.run(play)
    assert slice_of(0) != SLICE


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has it")
def test_whom_workers_serve_comes_at_once_while_there_are_long_queries(stage: Stage) -> None:
    async def play(pool: Pool, _: Nursery) -> None:
        await pool.run(DATA)
        assert os.sched_getscheduler(0) == os.SCHED_BATCH
        heavy = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(2)]
        await until(lambda: os.sched_getscheduler(0) == os.SCHED_OTHER)
        assert pool.state["long"]
        await leave(heavy)
        await until(lambda: os.sched_getscheduler(0) == os.SCHED_BATCH)

    before = os.sched_getscheduler(0)
    if before not in (os.SCHED_OTHER, os.SCHED_BATCH):
        pytest.skip("this process runs otherwise")
    run_in_batches()
    try:
        stage.run(play)
        assert come_at_once()
        assert not come_at_once()
        stage.run(lambda pool, _: pool.run(MIDDLING))
        assert os.sched_getscheduler(0) == os.SCHED_OTHER
    finally:
        os.sched_setscheduler(0, before, os.sched_param(0))


def test_workers_are_replaced_after_many_answers(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_JOBS", 5)

    async def play(pool: Pool, lent: Lent) -> None:
        seen = set()
        for _ in range(40):
            assert (await pool.run(DATA)).body == b"n\r\n7\r\n"
            seen |= set(lent.alive.values())
        assert len(seen) >= 8

    stage.run(play)


def test_many_queries_at_one_time_are_each_answered_right(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        jobs = [Job(f"SELECT ({number} * 2 AS ?n) {{}}", "csv") for number in range(300)]
        found = await asyncio.gather(*(pool.run(job, str(number % 7)) for number, job in enumerate(jobs)))
        assert [int(one.body.split()[1]) for one in found] == [number * 2 for number in range(300)]

    stage.run(play, replace(LIMITS, queue=1000))


def test_closing_lets_what_is_under_way_end(data: Path) -> None:
    async def play() -> None:
        pool = Pool(ForkNursery(command(Settings(cache=None), [data], LIMITS)), LIMITS)
        await pool.open()
        under_way = asyncio.create_task(pool.run(ENDLESS, "", SHORT))
        await until(lambda: pool.state["running"])
        await pool.close(grace=SECONDS)
        with pytest.raises(LimitError, match=r"0\.4 s "):
            await under_way

    alone(play())


# What a worker cannot do


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
        "ASK { SERVICE SILENT <URL> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "LOAD <URL>",
        "connect PORT",
    ],
)
def test_no_worker_reaches_anybody_even_if_nothing_is_refused(unguarded: Stage, text: str) -> None:
    with listening() as (url, heard):
        port = url.rstrip("/").rpartition(":")[2]

        async def play(pool: Pool, _: Lent) -> None:
            with suppress(BibgraphError):
                await pool.run(Job(text.replace("URL", url).replace("PORT", port)))
            assert (await pool.run(RIGHT)).body == b"n\r\n42\r\n"

        unguarded.run(play)
        assert heard == []
        with socket.create_connection(("127.0.0.1", int(port))) as there:  # it does hear those who can
            there.sendall(b"GET / HTTP/1.0\r\n\r\n")
            there.recv(1)
        assert heard


@pytest.mark.parametrize("text", ["open /etc/passwd", "write FOLDER/x", "list /", "open /dev/zero"])
def test_no_worker_opens_a_file(unguarded: Stage, tmp_path: Path, text: str) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        with pytest.raises(BibgraphError, match="fault"):
            await pool.run(Job(text.replace("FOLDER", str(tmp_path))))

    unguarded.run(play)
    assert list(tmp_path.iterdir()) == []


def _opens_nothing(limits: Path) -> bool:
    return "Max open files            0" in limits.read_text("ascii")


def test_a_worker_has_nothing_open_but_its_pipes(stage: Stage) -> None:
    async def play(pool: Pool, lent: Lent) -> None:
        await pool.run(DATA)
        for pid in lent.alive.values():
            place = Path(f"/proc/{pid}/limits")  # a worker that has just been made may still be at it
            await until(partial(_opens_nothing, place))
            held = {link.name: str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
            assert set(held) == {"0", "1", "2"}, held
            assert "memfd" in held["2"]
            assert all("pipe" in held[name] for name in ("0", "1"))
            assert held["0"] != held["1"]
            assert "Max core file size        0" in place.read_text("ascii")

    stage.run(play)


# Queries of those who are at home

_AT_HOME = """
import os, signal, sys
from pathlib import Path
from bibgraph.errors import BibgraphError
from bibgraph.graph import read_files
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.sandbox.apart import Apart

class Frail(EmbeddedStore):
    def query(self, text, **more):
        if text.startswith("end by "):
            os.kill(os.getpid(), int(text.removeprefix("end by ")))
        if text == "want memory":
            raise MemoryError
        if text == "fail":
            raise ValueError(text)
        return super().query(text, **more)

store = Apart(Frail.around(read_files([Path(sys.argv[1])]), "v"))
for text in sys.stdin.read().splitlines():
    try:
        answer = store.query(text)
        kind = answer.__class__.__name__
        print(kind, *(() if kind == "QueryBoolean" else [len(list(answer))]))
    except BibgraphError as error:
        print(type(error).__name__, error.problem.text("en"))
    except RuntimeError as error:
        print("RuntimeError", str(error).splitlines()[-1])
print(store.version)
"""


_TOLD = {
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }": "QuerySolutions 1",
    "CONSTRUCT WHERE { ?s ?p ?n }": "QueryTriples 1",
    "SELECT ?n { ?s": "QueryError «{» is never closed.",
    f"end by {int(signal.SIGABRT)}": "Unavailable The engine failed at this query.",
    f"end by {int(signal.SIGSEGV)}": "LimitError The query is built too deep for the engine.",
    f"end by {int(signal.SIGKILL)}": "Unavailable The worker that ran the query was ended from outside.",
    "want memory": "BibgraphError The query needed more memory than this machine has for it.",
    "fail": "RuntimeError ValueError: fail",
    "ASK {}": "QueryBoolean",
}


def test_what_ends_the_engine_does_not_end_who_asks_at_home(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _AT_HOME, str(data)],
        input="\n".join(_TOLD),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    assert done.stdout.splitlines() == [*_TOLD.values(), "v"]
    assert done.stderr == ""


# Workers that are not forked


def test_spawned_workers_keep_the_same_promises(data: Path) -> None:
    async def play() -> None:
        limits = replace(LIMITS, workers=1)
        nursery = SpawnNursery(command(Settings(cache=None), [data], limits))
        pool = Pool(nursery, limits)
        await pool.open()
        assert pool.version
        assert (await pool.run(DATA)).body == b"n\r\n7\r\n"
        assert await limit_of(pool.run(ENDLESS, "", SHORT)) == ("timeout", "0.4 s")
        assert (await pool.run(DATA)).body == b"n\r\n7\r\n"
        assert await limit_of(pool.run(WORDY)) == ("result-bytes", "64 KiB")
        assert await limit_of(pool.run(GREEDY)) == ("memory", "64 MiB")
        await right_again(pool)
        with pytest.raises(Forbidden):
            await pool.run(Job("SELECT * { SERVICE <https://example.org/> {} }"))
        for worker in list(nursery._processes):
            held = Path(f"/proc/{worker.pid}/limits").read_text("ascii")
            assert "Max open files            0" in held
            os.kill(worker.pid, signal.SIGKILL)
        await right_again(pool)
        await pool.close()

    alone(play())


def test_a_spawned_worker_ends_with_whom_it_serves_even_in_a_query(data: Path) -> None:
    told = [*command(Settings(cache=None), [], LIMITS), "serve", str(data), "1"]
    with subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline().startswith(b"R ")
        process.stdin.write(ENDLESS.encoded())
        process.stdin.close()
        assert process.wait(SECONDS) == 0


def test_a_process_that_is_being_started_is_ended_with_the_others(data: Path) -> None:
    async def play() -> None:
        nursery = SpawnNursery(command(Settings(cache=None), [data], LIMITS))
        await nursery.open()
        starting = asyncio.create_task(nursery.hatch(lambda _: None))
        await until(lambda: nursery._processes)
        await leave([starting])
        await nursery.close()

    alone(play())


# Frames


@pytest.mark.parametrize(
    ("said", "number", "why"),
    [
        (b"memory allocation of 8 bytes failed", signal.SIGABRT, "memory"),
        (
            b"src/x.cc:1] FATAL ERROR: Out of memory trying to allocate internal tcmalloc data 8",
            signal.SIGABRT,
            "memory",
        ),
        (b"thread 'x' has overflowed its stack", signal.SIGABRT, "stack"),
        (b"", signal.SIGSEGV, "stack"),
        (b"", signal.SIGKILL, "killed"),
        (b"", signal.SIGTERM, "killed"),
        (b"", signal.SIGABRT, "crash"),
        (b"", 0, "crash"),
    ],
)
def test_what_ended_a_worker_is_told_by_its_last_words_and_the_signal(
    said: bytes, number: int, why: str
) -> None:
    assert cause(said, number) == why


CLASSES = [
    one
    for one in vars(errors).values()
    if isinstance(one, type)
    and issubclass(one, BibgraphError)
    and one not in (LimitError, errors.NotAcceptable)
]
SENTENCES = st.recursive(
    st.builds(Message, st.text(st.characters(exclude_characters="{}")), st.just({})),
    lambda inner: st.builds(
        lambda value: Message("There is {value}.", {"value": value}), inner | st.text() | st.integers()
    ),
    max_leaves=3,
)


@given(st.sampled_from(CLASSES), SENTENCES, st.text(), st.none() | SENTENCES)
def test_errors_of_every_class_come_through_as_they_were(
    class_: type[BibgraphError], problem: Message, where: str, hint: Message | None
) -> None:
    error = class_(problem, where=where, hint=hint)
    found = decode_error(encode_error(error))
    assert type(found) is class_
    assert [found.text(language) for language in ("nb", "nn", "en")] == [
        error.text(language) for language in ("nb", "nn", "en")
    ]


@given(SENTENCES, st.text(), st.text(), st.integers(0, 10**6))
def test_errors_about_limits_come_through_with_their_numbers(
    problem: Message, limit: str, value: str, retry_after: int
) -> None:
    found = decode_error(encode_error(LimitError(problem, limit=limit, value=value, retry_after=retry_after)))
    assert isinstance(found, LimitError)
    assert (found.limit, found.value, found.retry_after) == (limit, value, retry_after)


@given(SENTENCES, st.lists(st.text()))
def test_errors_about_formats_come_through_with_those_that_there_are(
    problem: Message, available: list[str]
) -> None:
    found = decode_error(encode_error(errors.NotAcceptable(problem, available=available)))
    assert isinstance(found, errors.NotAcceptable)
    assert found.available == available


@pytest.mark.parametrize("name", ["Path", "Exception", "Message", "nothing", "__loader__"])
def test_only_errors_of_ours_come_through(name: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode_error(f'{{"class": "{name}", "problem": "x", "where": "", "hint": null}}'.encode())


@given(st.text(), st.lists(st.text()), st.lists(st.text()))
def test_jobs_come_through_as_they_were(text: str, default: list[str], named: list[str]) -> None:
    job = Job(text, "xml", "rdf", tuple(default), tuple(named))
    frame = job.encoded()
    assert JOB.unpack_from(frame) == (len(frame) - JOB.size,)
    assert Job.decode(frame[JOB.size :]) == job


def test_a_job_with_half_a_character_comes_through() -> None:
    job = Job("SELECT '\ud800\n'")
    assert Job.decode(job.encoded()[JOB.size :]) == job


def test_of_jobs_with_long_names_of_graphs_nothing_is_remembered() -> None:
    def sent(number: int) -> None:
        job = Job("ASK {}", default_graphs=(f"{number}{'x' * 100_000}",), named_graphs=("y" * 100_000,))
        assert Job.decode(job.encoded()[JOB.size :]) == job

    sent(0)
    tracemalloc.start()
    try:
        for number in range(20):
            sent(number)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 100_000


def _nobody() -> Counter[str]:
    return Counter()


def _begun(worker: Worker) -> Run:
    answer = worker.ask(RIGHT.encoded(), lambda _worker, _seconds: None)
    return Run(worker, answer, "", 60.0, 0.1, 60.0)


def test_who_gives_up_in_the_queue_gets_no_worker() -> None:
    left: list[Run] = []

    async def play() -> None:
        queue = Queue[Worker, Run](replace(LIMITS, wait=60.0), _nobody, left.append)
        first, second = (asyncio.create_task(queue.wait(client, _begun)) for client in ("a", "b"))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        worker = Mute(0, lambda _: None)
        assert queue.give(worker)
        assert (await second).worker is worker
        assert not queue.give(worker)
        assert len(queue) == 0
        assert (first.cancelled(), left) == (True, [])

    asyncio.run(play())


def test_who_has_fewest_waiting_is_next_where_nobody_has_anything_under_way() -> None:
    async def play() -> None:
        queue = Queue[Worker, Run](replace(LIMITS, wait=60.0, queue=9), _nobody, lambda _: None)
        waiting = {
            client: asyncio.create_task(queue.wait(client[:4], _begun)) for client in ("many1", "many2")
        }
        await asyncio.sleep(0)
        waiting["few"] = asyncio.create_task(queue.wait("few", _begun))
        await asyncio.sleep(0)
        for client in ("few", "many1", "many2"):
            worker = Mute(0, lambda _: None)
            assert queue.give(worker)
            assert (await waiting[client]).worker is worker

    asyncio.run(play())


def test_who_gives_up_with_a_worker_in_hand_tells_of_the_run_that_has_begun() -> None:
    left: list[Run] = []

    async def play() -> None:
        queue = Queue[Worker, Run](replace(LIMITS, wait=60.0), _nobody, left.append)
        waiting = asyncio.create_task(queue.wait("a", _begun))
        await asyncio.sleep(0)
        worker = Mute(0, lambda _: None)
        assert queue.give(worker)
        waiting.cancel()
        await asyncio.sleep(0)
        assert waiting.cancelled()
        assert [run.worker for run in left] == [worker]

    asyncio.run(play())


def test_who_comes_after_the_last_worker_has_gone_does_not_wait() -> None:
    async def play() -> None:
        queue = Queue[Worker, Run](LIMITS, _nobody, lambda _: None)
        queue.close()
        with pytest.raises(errors.Unavailable):
            await queue.wait("a", _begun)

    asyncio.run(play())


def test_who_has_waited_before_comes_first_and_is_refused_first() -> None:
    async def play() -> None:
        queue = Queue[Worker, Run](replace(LIMITS, wait=60.0), _nobody, lambda _: None)
        waits = {"fresh": 0.0, "long": 50.0, "over": 60.0}
        waiting = {name: asyncio.create_task(queue.wait("a", _begun, waits[name])) for name in waits}
        assert await limit_of(asyncio.wait_for(waiting["over"], SECONDS / 2)) == ("wait", "60 s")
        for name in ("long", "fresh"):
            worker = Mute(0, lambda _: None)
            assert queue.give(worker)
            assert (await waiting[name]).worker is worker

    asyncio.run(play())


def test_who_had_long_queries_lately_comes_after_who_had_none() -> None:
    async def play() -> None:
        queue = Queue[Worker, Run](replace(LIMITS, wait=60.0), _nobody, lambda _: None, "slow".__eq__)
        waiting = {client: asyncio.create_task(queue.wait(client, _begun)) for client in ("slow", "a", "b")}
        await asyncio.sleep(0)
        for client in ("a", "b", "slow"):
            worker = Mute(0, lambda _: None)
            assert queue.give(worker)
            assert (await waiting[client]).worker is worker

    asyncio.run(play())


def test_a_long_query_is_remembered_for_a_while(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        assert (await pool.run(RIGHT, "a")).body == b"n\r\n42\r\n"
        assert (await pool.run(MIDDLING, "b")).body == MIDDLE
        assert [pool._queue._slow(client) for client in ("a", "b", "c")] == [False, True, False]
        monkeypatch.setattr(pace, "_LATELY", 0.0)
        assert not pool._queue._slow("b")

    stage.run(play)


def test_all_who_wait_too_long_are_refused_each_in_turn() -> None:
    async def play() -> None:
        queue = Queue[Worker, Run](replace(LIMITS, wait=0.05), _nobody, lambda _: None)
        waiting = []
        for client in ("a", "b", "c"):
            waiting.append(asyncio.create_task(queue.wait(client, _begun)))
            await asyncio.sleep(0.02)
        for told in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(told, LimitError)
            assert told.limit == "wait"
        assert len(queue) == 0
        assert queue.waited >= 3 * 0.04

    asyncio.run(play())


class Mute(Worker):
    """Says nothing."""

    def _send(self, frame: bytes) -> None:
        """Let it go."""
