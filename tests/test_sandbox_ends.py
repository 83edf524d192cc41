"""Processes that end, or stand still, at the worst moments: no query is lost that could be answered."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from asyncio import Task
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibgraph import errors
from bibgraph.config import Settings
from bibgraph.errors import BibgraphError
from bibgraph.limits import Limits
from bibgraph.messages import Message
from bibgraph.store import Written
from bibgraph.store.sandbox import control as control_module
from bibgraph.store.sandbox import pool as pool_module
from bibgraph.store.sandbox import refusals
from bibgraph.store.sandbox import staff as staff_module
from bibgraph.store.sandbox.forking import ForkNursery
from bibgraph.store.sandbox.frames import JOB, Job, outcome
from bibgraph.store.sandbox.nursery import command
from bibgraph.store.sandbox.pool import Pool
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker
from test_sandbox import (
    DATA,
    ENDLESS,
    LIMITS,
    SECONDS,
    SHORT,
    Lent,
    Stage,
    alone,
    data,
    differs,
    leave,
    limit_of,
    right_again,
    stage,
    unguarded,
    until,
)

__all__ = ["data", "stage", "unguarded"]

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them"),
]

SEVEN = b"n\r\n7\r\n"


def state_of(pid: int) -> str:
    """The letter for what a process does: ``T`` stopped, ``Z`` ended but not buried."""
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]


def signalled(pid: int, number: int, state: str) -> None:
    """Send a signal and wait, with all else in this process, until it has done what it does."""
    os.kill(pid, number)
    ends = time.monotonic() + SECONDS
    while state_of(pid) != state:
        assert time.monotonic() < ends, "it does not happen"
        time.sleep(0.001)


def held_by(pid: int) -> int:
    """How many descriptors a process has."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


class Doomed(Lent):
    """A nursery whose new workers have ended when they are handed over, while ``doomed``."""

    doomed = False

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        worker = await super().hatch(ended)
        if self.doomed:
            signalled(worker.pid, signal.SIGKILL, "Z")
        return worker


# Workers that end before they begin


def test_a_query_sent_to_a_worker_that_has_ended_is_answered_by_another_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    charged = []

    async def play(pool: Pool, lent: Lent) -> None:
        monkeypatch.setattr(pool._budget, "charge", lambda client, _: charged.append(client))
        for pid in lent.alive.values():
            signalled(pid, signal.SIGKILL, "Z")  # and this loop has not heard of it
        found = await asyncio.gather(*(pool.run(DATA, "a") for _ in range(2)))
        assert {one.body for one in found} == {SEVEN}
        assert pool.tally["again"] == 2
        await until(lambda: len(pool._staff.idle) == 2 and not pool._staff.tasks)
        assert charged == ["a", "a"]  # for its answers alone

    stage.run(play)


def test_a_query_that_its_worker_has_not_read_is_answered_by_another_one(stage: Stage) -> None:
    async def play(pool: Pool, lent: Lent) -> None:
        for pid in lent.alive.values():
            signalled(pid, signal.SIGSTOP, "T")
        asked = asyncio.create_task(pool.run(DATA))
        await until(lambda: pool.state["running"])
        await asyncio.sleep(0)  # now it is on its way
        for pid in tuple(lent.alive.values()):
            os.kill(pid, signal.SIGKILL)
        assert (await asked).body == SEVEN
        assert pool.tally["again"] == 1

    stage.run(play)


def test_a_query_is_given_to_another_worker_once_only(stage: Stage) -> None:
    async def play() -> None:
        nursery = Doomed(stage.nursery)
        pool = Pool(nursery, replace(LIMITS, workers=1))
        await pool.open()
        nursery.doomed = True
        signalled(next(iter(nursery.alive.values())), signal.SIGKILL, "Z")
        with pytest.raises(errors.Unavailable):
            await pool.run(DATA)
        assert pool.tally["again"] == 1
        nursery.doomed = False
        await right_again(pool)
        await pool.close()

    stage._runner.run(play())


def test_the_time_that_the_first_worker_had_counts(stage: Stage) -> None:
    async def play(pool: Pool, lent: Lent) -> None:
        for pid in lent.alive.values():
            signalled(pid, signal.SIGSTOP, "T")
        asked = asyncio.create_task(pool.run(ENDLESS, "", SHORT))
        await asyncio.sleep(SHORT / 2)
        began = time.monotonic()
        for pid in tuple(lent.alive.values()):
            os.kill(pid, signal.SIGKILL)
        assert await limit_of(asked) == ("timeout", "0.4 s")
        assert time.monotonic() - began < SECONDS / 2
        assert pool.tally["again"] <= 1

    stage.run(play)


@pytest.mark.parametrize("text", ["abort ", "exit ", "overflow ", "hoard "])
def test_a_query_that_ends_its_worker_is_never_asked_again(unguarded: Stage, text: str) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        before = pool.tally["hatched"]
        with pytest.raises(errors.BibgraphError):
            await pool.run(Job(text))
        await until(lambda: len(pool._staff.idle) == 2)
        assert pool.tally["hatched"] == before + 1
        assert pool.tally["again"] == 0

    unguarded.run(play)


def test_a_query_of_which_a_part_was_read_is_not_asked_again(stage: Stage) -> None:
    long = Job("ASK {" + " " * 90_000 + "}")  # longer than the pipe that jobs go through

    async def play(pool: Pool, lent: Lent) -> None:
        for pid in lent.alive.values():
            signalled(pid, signal.SIGSTOP, "T")
        asked = asyncio.create_task(pool.run(long))
        await until(lambda: pool.state["running"])
        await asyncio.sleep(0)
        for pid in tuple(lent.alive.values()):
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(errors.Unavailable):
            await asked
        assert pool.tally["again"] == 0

    stage.run(play)


def test_a_worker_that_ends_in_the_hand_of_who_leaves_is_buried_and_replaced(stage: Stage) -> None:
    async def play(pool: Pool, lent: Lent) -> None:
        worker = pool._staff.idle.pop()
        heavy = asyncio.create_task(pool.run(ENDLESS))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(pool.run(DATA))
        await until(lambda: pool.state["waiting"])
        assert pool._queue.give(worker)
        worker.lose()
        waiting.cancel()
        await leave([heavy, waiting])
        await until(lambda: len(pool._staff.idle) == 2)
        assert worker not in lent.alive

    stage.run(play)


def test_a_worker_stopped_just_after_it_answered_is_asked_nothing_more(stage: Stage) -> None:
    async def play(pool: Pool, _: Lent) -> None:
        asked = asyncio.create_task(pool.run(DATA))
        await asyncio.sleep(0)
        (run,) = pool._pace.runs.values()
        signalled(run.worker.pid, signal.SIGSTOP, "T")
        pool._pace._pause(run)
        run.worker.take(b"".join(outcome("rows", 0.0, SEVEN)))  # as if it had been on its way
        assert (await asked).body == SEVEN
        assert run.worker not in pool._staff.idle
        assert {(await pool.run(DATA)).body for _ in range(3)} == {SEVEN}

    stage.run(play)


# Whom it serves is gone

_LEAVES = """
import sys
from pathlib import Path
from bibgraph.config import Settings
from bibgraph.limits import Limits
from bibgraph.store.sandbox.nursery import nursery

made = nursery(Settings(cache=None), [Path(sys.argv[1])], Limits())
sys.stdin.read()
"""


_ANY_KIND = """
import sys

if "bibgraph.nursery" in sys.orig_argv:
    from bibgraph.turtle import reading

    reading.check_kind = lambda *_: None
"""
"""Lets a pipe be read as data: nothing else takes as long as is wanted."""


def is_read(pipe: int) -> bool:
    """Whether somebody holds the other end of a pipe, into which a comment is written."""
    try:
        os.write(pipe, b"# more\n")
    except BrokenPipeError:
        return False
    return True


def test_data_are_not_loaded_on_when_the_server_has_been_killed(tmp_path: Path) -> None:
    endless = tmp_path / "a.nt"
    os.mkfifo(endless)
    (tmp_path / "sitecustomize.py").write_text(_ANY_KIND, "utf-8")
    places = filter(None, (str(tmp_path), os.environ.get("PYTHONPATH")))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    told = [sys.executable, "-c", _LEAVES, str(endless)]
    with subprocess.Popen(told, stdin=subprocess.PIPE, env=environment) as server:
        writing = os.open(endless, os.O_WRONLY)  # as soon as somebody reads
        server.kill()
    ends = time.monotonic() + SECONDS
    while is_read(writing):
        assert time.monotonic() < ends, "it is still being loaded"
        time.sleep(0.001)
    os.close(writing)


# Zygotes that stand still


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_module, "_TICK", 0.03)


@pytest.mark.usefixtures("impatient")
def test_a_zygote_that_stands_still_is_started_anew_and_who_waits_meanwhile_is_told(data: Path) -> None:
    limits = replace(LIMITS, workers=1, wait=0.3)

    async def play() -> None:
        nursery = ForkNursery(command(Settings(cache=None), [data], limits))
        pool = Pool(nursery, limits)
        await pool.open()
        old = nursery.pid
        signalled(old, signal.SIGSTOP, "T")
        heavy = asyncio.create_task(pool.run(ENDLESS, "", SHORT))
        assert await limit_of(heavy) == ("timeout", "0.4 s")  # nobody ends its worker now
        assert await limit_of(pool.run(DATA)) == ("wait", "0.3 s")
        await until(partial(differs, nursery, old))
        await until(lambda: pool._staff.idle)
        assert (await pool.run(DATA)).body == SEVEN
        await pool.close()

    alone(play())


def test_a_query_whose_worker_ends_is_answered_though_the_zygote_cannot_say_why(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "_TOLD", 0.3)

    async def play() -> None:
        nursery = ForkNursery(command(Settings(cache=None), [data], LIMITS))
        pool = Pool(nursery, LIMITS)
        await pool.open()
        heavy = asyncio.create_task(pool.run(ENDLESS))
        await until(lambda: pool.state["long"])
        signalled(nursery.pid, signal.SIGSTOP, "T")
        (run,) = pool._pace.runs.values()
        os.kill(run.worker.pid, signal.SIGKILL)
        with pytest.raises(errors.Unavailable):
            await heavy
        assert state_of(nursery.pid) == "T"
        os.kill(nursery.pid, signal.SIGCONT)
        await pool.close()

    alone(play())


@pytest.mark.usefixtures("impatient")
def test_a_zygote_that_stands_still_while_it_loads_is_told_of(data: Path) -> None:
    async def play() -> None:
        nursery = ForkNursery(command(Settings(cache=None), [data], LIMITS))
        nursery.start()
        signalled(nursery.pid, signal.SIGSTOP, "T")
        with pytest.raises(errors.StoreError):
            await nursery.open()
        await nursery.close()

    alone(play())


@pytest.mark.usefixtures("impatient")
def test_the_time_for_which_we_stand_still_ourselves_is_not_the_zygotes(data: Path) -> None:
    async def play() -> None:
        nursery = ForkNursery(command(Settings(cache=None), [data], LIMITS))
        await nursery.open()
        old = nursery.pid
        hatching = asyncio.create_task(nursery.hatch(lambda _: None))
        await asyncio.sleep(0)
        time.sleep(0.03 * (control_module.PATIENCE + 5))
        assert (await hatching).pid
        assert nursery.pid == old
        await nursery.close()

    alone(play())


@pytest.mark.parametrize("there", [True, False])
def test_one_who_is_left_before_the_data_are_loaded_ends_without_a_word(data: Path, *, there: bool) -> None:
    ours, theirs = socket.socketpair()
    told = command(Settings(cache=None), [data if there else data.with_name("none.ttl")], LIMITS)
    ours.close()
    with theirs:
        ended = subprocess.run(
            [*told, str(theirs.fileno())], pass_fds=(theirs.fileno(),), capture_output=True, check=False
        )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


_CROWDED = """
import errno, os, sys
from pathlib import Path
fork, full = os.fork, Path(sys.argv[1])
def fork_if_there_is_room():
    if full.exists():
        raise OSError(errno.EAGAIN, "full")
    return fork()
os.fork = fork_if_there_is_room
from bibgraph.nursery import main
main(sys.argv[2:])
"""


def test_a_system_with_no_room_for_processes_ends_none_of_those_that_there_are(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff_module, "_NO_ROOM", 0.02)
    full = tmp_path / "full"
    told = command(Settings(cache=None), [data], LIMITS)

    async def play() -> None:
        nursery = ForkNursery([sys.executable, "-c", _CROWDED, str(full), told[-1]])
        pool = Pool(nursery, replace(LIMITS, wait=0.3))
        await pool.open()
        await until(lambda: len(pool._staff.idle) == 2)
        heavy = asyncio.create_task(pool.run(ENDLESS))
        await until(lambda: pool.state["long"])
        held = held_by(nursery.pid)
        full.touch()
        signalled(pool._staff.idle[0].pid, signal.SIGKILL, "Z")
        assert await limit_of(pool.run(DATA)) == ("wait", "0.3 s")
        assert not heavy.done()
        await until(lambda: held_by(nursery.pid) < held)  # nothing is left of what could not be made
        full.unlink()
        await until(lambda: pool._staff.idle)
        assert (await pool.run(DATA)).body == SEVEN
        assert pool.tally["zygotes"] == 0
        await leave([heavy])
        await pool.close()

    alone(play())


def test_who_waits_for_a_worker_as_the_pool_closes_is_told_at_once(stage: Stage) -> None:
    async def play() -> None:
        pool = Pool(Lent(stage.nursery), LIMITS)
        await pool.open()
        heavy = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(pool.run(DATA)) for _ in range(2)]
        await until(lambda: pool.state["waiting"] == 2)
        await pool.close()
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(one) for one in found} == {errors.Unavailable}
        await leave(heavy)

    stage._runner.run(play())


def test_workers_whose_pipes_do_not_come_through_are_no_reason_to_wait_for_ever(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        pool = Pool(ForkNursery(command(Settings(cache=None), [data], LIMITS)), LIMITS)
        await pool.open()
        await until(lambda: len(pool._staff.idle) == 2)
        received = socket.recv_fds

        def without(line: socket.socket, size: int, most: int) -> tuple[bytes, list[int], int, object]:
            said, pipes, flags, address = received(line, size, most)
            for pipe in pipes:
                os.close(pipe)
            return said, [], flags, address

        with monkeypatch.context() as full:
            full.setattr(socket, "recv_fds", without)
            os.kill(pool._staff.idle[0].pid, signal.SIGKILL)
            await until(lambda: pool.tally["zygotes"])
        await right_again(pool)
        await pool.close()

    alone(play())


# Workers that are handed on: these are made up, so that everything happens when it is told to


class Scripted(Worker):
    """A worker that answers each job with its own text, when it is told to. broken: nobody reads its jobs."""

    def __init__(self, ended: Callable[[Worker], None]) -> None:
        super().__init__(_NOBODY, ended)
        self.sent: list[str] = []
        self.broken = False

    def used(self) -> float:
        return 0.0

    def asked(self) -> bool:
        """Whether it has a job that it has not answered."""
        return len(self.sent) > self.jobs

    def answer(self) -> None:
        self.take(b"".join(outcome("rows", self.jobs + 1.0, self.sent[-1].encode())))

    def _send(self, frame: bytes) -> None:
        assert not self.asked(), "one job at a time"
        if self.broken:
            self.lose(begun=False)
        else:
            self.sent.append(Job.decode(frame[JOB.size :]).text)


class Scripts(Nursery):
    """Makes such workers. alive: those that have not been ended; ended: the others.

    opened: how often it was. failures: so many workers cannot be made from now on.
    """

    def __init__(self) -> None:
        self.alive: list[Scripted] = []
        self.ended: list[Worker] = []
        self.opened = 0
        self.failures = 0

    async def open(self) -> None:
        """There is nothing to load."""
        self.opened += 1

    async def hatch(self, ended: Callable[[Worker], None]) -> Worker:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise errors.SourceError(Message("The data are no data.", {}))
        self.alive.append(Scripted(ended))
        return self.alive[-1]

    async def end(self, worker: Worker) -> Ending:
        assert isinstance(worker, Scripted)
        self.alive.remove(worker)
        self.ended.append(worker)
        await asyncio.sleep(0)
        return Ending("killed", worker.seconds)

    async def close(self) -> None:
        self.ended += self.alive
        self.alive.clear()


_NOBODY = 1 << 30
"""No process has this number."""
_TURNS = 12
"""So many turns of the loop are enough for whatever follows from one thing that happens."""


async def settled() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def scripted(play: Callable[[Pool, Scripts], Coroutine[Any, Any, None]], limits: Limits = LIMITS) -> None:
    """Run this with a pool over such workers; asyncio has nothing to complain of."""
    complaints: list[dict[str, Any]] = []

    async def whole() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))
        nursery = Scripts()
        pool = Pool(nursery, limits)
        await pool.open()
        await settled()
        assert len(pool._staff.idle) == limits.workers
        await play(pool, nursery)
        await settled()
        await pool.close()

    asyncio.run(whole())
    gc.collect()
    assert complaints == []


ONE = replace(LIMITS, workers=1)


async def asked_both(pool: Pool) -> tuple[Task[Written], Task[Written]]:
    """A query that is under way, and one that waits for its worker."""
    first = asyncio.create_task(pool.run(Job("first"), "a"))
    second = asyncio.create_task(pool.run(Job("second"), "b"))
    await settled()
    assert (pool.state["running"], pool.state["waiting"]) == (1, 1)
    return first, second


def test_the_next_job_is_on_its_way_before_the_first_answer_is_taken() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        (worker,) = nursery.alive
        worker.answer()
        assert worker.sent == ["first", "second"]
        assert not first.done()
        assert (pool.state["running"], pool.state["waiting"]) == (1, 0)
        assert (await first).body == b"first"
        assert not second.done()
        worker.answer()
        assert (await second).body == b"second"
        assert pool.tally == {"hatched": 1, "answered": 2}

    scripted(play, ONE)


def test_who_leaves_once_the_answer_is_whole_does_not_end_the_worker_that_serves_another() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        (worker,) = nursery.alive
        worker.answer()
        await leave([first])
        assert first.cancelled()
        await settled()
        worker.answer()
        assert (await second).body == b"second"
        assert pool._staff.idle == [worker]
        assert pool.tally == {"hatched": 1, "answered": 1, "left": 1}

    scripted(play, ONE)


@pytest.mark.parametrize("last", [Scripted.answer, Scripted.lose])
def test_what_a_worker_does_whose_client_has_just_left_is_nothing_to_anybody(
    last: Callable[[Scripted], None],
) -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        third = asyncio.create_task(pool.run(Job("third")))
        await settled()
        (worker,) = nursery.alive
        worker.answer()
        second.cancel()  # as it is given the worker
        await asyncio.sleep(0)
        assert second.done()
        last(worker)  # in the same turn of the loop, before it is ended
        await settled()
        assert nursery.ended == [worker]
        nursery.alive[0].answer()
        assert [(await one).body for one in (first, third)] == [b"first", b"third"]
        assert pool.tally["left"] == 1

    scripted(play, ONE)


def test_a_worker_that_ends_as_it_is_handed_on_leaves_nobody_unanswered() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        others = [asyncio.create_task(pool.run(Job(str(number)))) for number in range(2)]
        await settled()
        (worker,) = nursery.alive
        worker.broken = True
        worker.answer()
        for _ in range(3):
            await settled()
            assert nursery.ended == [worker]
            nursery.alive[0].answer()
        bodies = [one.body for one in await asyncio.gather(first, second, *others)]
        assert bodies == [b"first", b"second", b"0", b"1"]
        assert pool.tally == {"hatched": 2, "answered": 4, "again": 1}

    scripted(play, ONE)


def test_who_leaves_as_the_worker_given_ends_is_not_asked_for_again() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        (worker,) = nursery.alive
        worker.broken = True
        worker.answer()
        second.cancel()
        assert (await first).body == b"first"
        await settled()
        assert second.cancelled()
        assert nursery.ended == [worker]
        assert (len(pool._staff.idle), pool.tally["again"]) == (1, 0)

    scripted(play, ONE)


def test_a_query_that_is_answered_can_no_longer_be_stopped() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        (run,) = pool._pace.runs.values()
        (worker,) = nursery.alive
        worker.answer()
        pool._stop(run, "timeout", refusals.late(1.0))
        assert (await first).body == b"first"
        worker.answer()
        assert (await second).body == b"second"
        assert pool.tally["timeout"] == 0

    scripted(play, ONE)


def test_an_answer_that_comes_as_its_query_is_stopped_is_too_late() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        (run,) = pool._pace.runs.values()
        (worker,) = nursery.alive
        pool._stop(run, "timeout", refusals.late(1.0))
        worker.answer()
        assert worker.sent == ["first"]
        assert await limit_of(first) == ("timeout", "1 s")
        await settled()
        assert nursery.ended == [worker]
        nursery.alive[0].answer()
        assert (await second).body == b"second"

    scripted(play, ONE)


def test_a_worker_that_has_answered_often_enough_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_JOBS", 1)

    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        (worker,) = nursery.alive
        worker.answer()
        assert (await first).body == b"first"
        await settled()
        assert (worker.sent, nursery.ended) == (["first"], [worker])
        nursery.alive[0].answer()
        assert (await second).body == b"second"

    scripted(play, ONE)


def test_a_query_that_is_answered_is_charged_and_holds_no_place_as_the_next_one_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    charged = []

    async def play(pool: Pool, nursery: Scripts) -> None:
        monkeypatch.setattr(pool._budget, "charge", lambda client, seconds: charged.append((client, seconds)))
        asked = []
        for client, text in (("a", "1"), ("b", "2"), ("b", "3"), ("a", "4")):
            asked.append(asyncio.create_task(pool.run(Job(text), client)))
            await settled()
        worker = next(one for one in nursery.alive if one.sent == ["1"])
        worker.answer()
        assert worker.sent == ["1", "4"]  # of who has nothing under way now, though 3 came before it
        assert charged == [("a", 1.0)]
        await leave(asked)

    scripted(play)


class Unwritable(Job):
    """A job that cannot be written out."""

    def encoded(self) -> bytes:
        raise MemoryError


def test_a_job_that_cannot_be_sent_fails_for_who_asks_and_for_nobody_else() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        first, second = await asked_both(pool)
        with pytest.raises(MemoryError):
            await pool.run(Unwritable("third"))
        (worker,) = nursery.alive
        for answered in (first, second):
            worker.answer()
            await answered
        with pytest.raises(MemoryError):
            await pool.run(Unwritable("fourth"))
        assert pool._staff.idle == [worker]

    scripted(play, ONE)


def test_an_idle_worker_holds_nothing_of_what_it_answered() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        asked = asyncio.create_task(pool.run(Job("first")))
        await settled()
        (answer,) = (weakref.ref(run.answer) for run in pool._pace.runs.values())
        assert answer() is not None
        nursery.alive[0].answer()
        assert (await asked).body == b"first"
        gc.collect()
        assert answer() is None

    scripted(play, ONE)


def test_a_worker_that_cannot_be_made_takes_nobodys_place_away() -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        nursery.failures = 1
        nursery.alive[0].lose()
        await settled()
        await settled()
        assert pool._staff.idle == nursery.alive
        assert (len(nursery.alive), nursery.opened, pool._staff.hatching) == (1, 2, 0)

    scripted(play, ONE)


def test_data_that_no_worker_can_be_made_of_are_loaded_more_and_more_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(staff_module, "_PAUSES", (0.0, 3600.0))

    async def play(pool: Pool, nursery: Scripts) -> None:
        nursery.failures = 1000
        nursery.alive[0].lose()
        for _ in range(10):
            await settled()
        assert (nursery.opened, pool._staff.hatching) == (2, 0)

    scripted(play, ONE)


HAPPENINGS = ("ask", "leave", "answer", "lose", "lose unread", "break", "turn", "turn")


def happen(what: str, which: int, pool: Pool, nursery: Scripts, asked: list[Task[Written]]) -> None:
    """Something that may happen to the workers and queries there are."""
    busy = [one for one in nursery.alive if one.asked() and not one.gone]
    if what == "ask":
        asked.append(asyncio.create_task(pool.run(Job(str(len(asked))), str(which % 3))))
    elif what == "leave" and asked:
        asked[which % len(asked)].cancel()
    elif what == "answer" and busy:
        busy[which % len(busy)].answer()
    elif what.startswith("lose") and nursery.alive:
        nursery.alive[which % len(nursery.alive)].lose(begun=what == "lose")
    elif what == "break" and nursery.alive:
        nursery.alive[which % len(nursery.alive)].broken = True


def told_right(number: int, asked: Task[Written]) -> bool:
    """Whether a query got its own answer, or one of the refusals that there are."""
    if asked.cancelled():
        return True
    error = asked.exception()
    return asked.result().body == b"%d" % number if error is None else isinstance(error, BibgraphError)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 9)), max_size=60))
def test_whatever_happens_each_worker_has_one_place_and_each_query_its_own_answer(
    story: list[tuple[str, int]],
) -> None:
    async def play(pool: Pool, nursery: Scripts) -> None:
        asked: list[Task[Written]] = []
        for what, which in [*story, *[("turn", 0)] * _TURNS]:
            if what == "turn":
                await asyncio.sleep(0)
            happen(what, which, pool, nursery, asked)
            for worker in nursery.alive:
                places = pool._staff.idle.count(worker) + (worker in pool._pace.runs)
                assert places == 1 if not worker.gone else worker not in pool._staff.idle
        while not all(one.done() for one in asked):
            await settled()
            for worker in tuple(nursery.alive):
                worker.broken = False
                if worker.asked():
                    worker.answer()
        assert all(told_right(number, one) for number, one in enumerate(asked))
        await settled()
        assert pool.tally["answered"] == sum(not one.cancelled() and not one.exception() for one in asked)
        assert pool.state == {"running": 0, "long": 0, "stopped": 0, "waiting": 0}
        assert len(pool._staff.idle) == len(nursery.alive) == LIMITS.workers
        assert len(nursery.ended) == len(set(nursery.ended))

    scripted(play, replace(LIMITS, queue=6))


def test_more_may_be_told_at_a_time_than_the_line_to_a_zygote_holds() -> None:
    many = 2000

    async def play() -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            line = control_module.Control(ours, lambda: True, lambda: None)
            theirs.sendall(b"R 1\n")
            assert await line.ready() == "R 1"
            replies = [asyncio.ensure_future(line.tell(f"E {number}")) for number in range(many)]
            await asyncio.sleep(0)
            reader, writer = await asyncio.open_connection(sock=theirs)
            for number in range(many):
                assert await reader.readline() == b"E %d\n" % number
                writer.write(b"E %d killed 0\n" % number)
            assert await asyncio.gather(*replies) == [f"E {number} killed 0" for number in range(many)]
            line.cut()
            writer.close()

    alone(play())
