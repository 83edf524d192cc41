"""Processes that end, or stand still, at the worst moments: no query is lost that could be answered."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bibgraph import errors
from bibgraph.config import Settings
from bibgraph.store.sandbox import control as control_module
from bibgraph.store.sandbox import pool as pool_module
from bibgraph.store.sandbox import staff as staff_module
from bibgraph.store.sandbox.forking import ForkNursery
from bibgraph.store.sandbox.frames import Job, outcome
from bibgraph.store.sandbox.nursery import command
from bibgraph.store.sandbox.pool import Pool
from bibgraph.store.sandbox.workers import Worker
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
