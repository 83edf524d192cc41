"""The pool: one query to a worker at a time, short ones before long ones, each within its limits.

A query that has run for ``LONG`` seconds, and has had a processor for half of them, needs one of the places
for long ones, half as many as there are workers, and goes on at the lowest priority. If they are all taken it
is stopped where it stands, holding its memory but no processor, until one is free; among those that wait, the
client that holds fewest places comes first. So whatever long queries do, and whoever asks them, short ones
find a worker and a processor; and one that is short, but waits for a processor, is not taken for a long one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
from asyncio import Task
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from bibgraph.errors import BibgraphError, LimitError, StoreError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store import Written
from bibgraph.store.sandbox import refusals
from bibgraph.store.sandbox.budget import Budget
from bibgraph.store.sandbox.frames import KINDS, Job, decode_error
from bibgraph.store.sandbox.queue import Queue
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker, WorkerGone

LONG = 0.1
"""Seconds after which a query counts as long."""

_USED = LONG / 2
"""Seconds of processing in them, without which the machine is slow rather than the query long."""
_JOBS = 5000
"""So many answers a worker gives before it is replaced: what it may have lost of its memory goes with it."""
_TICK = 0.02
"""Seconds between two looks at the clock; a query is ended at the second one that finds it late."""

_LOWEST = 19
_PAUSED = 4
"""So many stopped queries there may be for each worker."""
_PAUSES = (0.0, 0.1, 0.5, 2.0, 5.0)
_LOG = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class _Run:
    """A query under way.

    long_at, ends_at, gives_up_at: when it may count as long, is too late, and has been stopped for too long,
    by the loop's clock. late: it was so at the last look. stop: what the client is told instead of an answer,
    once the worker was ended for it.
    """

    worker: Worker
    client: str
    timeout: float
    long_at: float
    ends_at: float
    long: bool = False
    late: bool = False
    paused: bool = False
    stopped_at: float = 0.0
    gives_up_at: float = 0.0
    stop: LimitError | None = None


class Pool:
    """Workers over one version of the data.

    tally: how often something happened, by name: ``answered``, ``timeout``, ``memory``, ``stack``,
    ``killed``, ``crash``, ``fault``, ``busy``, ``over-budget``, ``left``, ``hatched``, ``zygotes``.
    """

    def __init__(self, nursery: Nursery, limits: Limits) -> None:
        self.limits = limits
        self.tally: Counter[str] = Counter()
        self._nursery = nursery
        self._budget = Budget(limits.client_budget, time.monotonic)
        self._idle: list[Worker] = []
        self._runs: dict[Worker, _Run] = {}
        self._queue = Queue(limits, lambda: Counter(run.client for run in self._runs.values()), self._free)
        self._paused: list[_Run] = []
        self._tasks: set[Task[Any]] = set()
        self._ticking: asyncio.TimerHandle | None = None
        self._hatching = 0
        self._closed = False
        self._places = max(1, limits.workers // 2)

    @property
    def version(self) -> str:
        """Names the data."""
        return self._nursery.version

    @property
    def state(self) -> dict[str, int]:
        """How many queries are running, of these long; stopped; and waiting for a worker."""
        return {
            "running": len(self._runs) - len(self._paused),
            "long": self._long(),
            "stopped": len(self._paused),
            "waiting": len(self._queue),
        }

    @property
    def waited(self) -> float:
        """Seconds that queries have waited for a worker, all together."""
        return self._queue.waited

    async def open(self) -> None:
        """Make ready, with one worker that can answer; the others follow. Raises BibgraphError."""
        await self._nursery.open()
        self._fill()
        while not self._idle and not self._closed:
            await asyncio.sleep(0.001)

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        """The answer to a query, whole.

        client: who asks, for the shares of all. timeout: seconds; it can only be less than the limit. Raises
        LimitError if a limit is met, StoreError if the worker was ended from outside, and what the query
        itself raises (see ``SparqlStore.query``). If the caller is cancelled the worker is ended.
        """
        worker = self._idle.pop() if self._idle else await self._waited_for(client)
        run = self._begin(worker, client, min(timeout or self.limits.timeout, self.limits.timeout))
        try:
            kind, seconds, body = await worker.ask(job)
        except WorkerGone:
            raise await self._ended(run) from None
        except asyncio.CancelledError:
            self.tally["left"] += 1
            self._discard(run)
            raise
        if run.stop is not None:  # the answer came as the worker was being ended: too late is too late
            raise run.stop
        self._budget.charge(client, seconds)
        self._finished(run)
        return self._outcome(KINDS[kind], body)

    def _begin(self, worker: Worker, client: str, timeout: float) -> _Run:
        loop = asyncio.get_running_loop()
        now = loop.time()
        run = self._runs[worker] = _Run(worker, client, timeout, now + LONG, now + timeout)
        if self._ticking is None:
            self._ticking = loop.call_later(_TICK, self._tick)
        return run

    async def close(self, grace: float = 0.0) -> None:
        """End all workers, once the queries under way have ended or ``grace`` seconds have passed."""
        ends = time.monotonic() + grace
        while (self._runs or self._queue) and time.monotonic() < ends:
            await asyncio.sleep(0.01)
        self._closed = True
        for task in tuple(self._tasks):
            task.cancel()
        await self._nursery.close()

    def _outcome(self, kind: str, body: bytes) -> Written:
        if kind == "error":
            error = decode_error(body)
            self.tally["result-bytes" if isinstance(error, LimitError) else "refused"] += 1
            raise error
        if kind == "fault":
            self.tally["fault"] += 1
            _LOG.error("a query could not be answered: %s", body.decode("utf-8", "replace"))
            raise BibgraphError(message("The query met a fault of this program."))
        self.tally["answered"] += 1
        return Written(kind, body)

    async def _waited_for(self, client: str) -> Worker:
        try:
            return await self._queue.wait(client)
        except LimitError:
            self.tally["busy"] += 1
            raise

    def _free(self, worker: Worker) -> None:
        """Hand a worker on."""
        if not worker.gone and not self._queue.give(worker):
            self._idle.append(worker)

    # The clock of all queries

    def _tick(self) -> None:
        """Look at every query under way. One look now and then is cheaper than two timers for each query."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for run in tuple(self._runs.values()):
            if run.paused:
                if now >= run.gives_up_at:
                    problem = message("No place for a long query was free in time.")
                    self._stop(run, "busy", refusals.busy(self.limits, "wait", problem))
            elif now >= run.ends_at:
                self._is_late(run)
            elif not run.long and now >= run.long_at and run.worker.used() >= _USED:
                self._is_long(run)
        self._ticking = None
        if self._runs:
            self._ticking = loop.call_later(_TICK, self._tick)

    def _is_late(self, run: _Run) -> None:
        """End it at the second look: an answer that came in time may still be unread before the first one."""
        if run.late:
            self._stop(run, "timeout", refusals.late(run.timeout))
        else:
            run.late = True

    def _is_long(self, run: _Run) -> None:
        owed = self._budget.wait(run.client)
        if owed:
            self._stop(run, "over-budget", refusals.over_budget(self.limits, owed))
        elif self._long() < self._places:
            self._go_on(run)
        elif len(self._paused) < _PAUSED * self.limits.workers:
            self._pause(run)
        else:
            problem = message("Too many long queries are running already.")
            self._stop(run, "busy", refusals.busy(self.limits, "workers", problem))

    def _long(self) -> int:
        return sum(run.long for run in self._runs.values())

    def _go_on(self, run: _Run) -> None:
        run.long = True
        with contextlib.suppress(OSError, AttributeError):  # it may just have ended; no priorities on Windows
            os.setpriority(os.PRIO_PROCESS, run.worker.pid, _LOWEST)

    def _pause(self, run: _Run) -> None:
        if not hasattr(signal, "SIGSTOP"):
            self._go_on(run)
            return
        run.paused = True
        run.stopped_at = asyncio.get_running_loop().time()
        run.gives_up_at = run.stopped_at + self.limits.wait
        with contextlib.suppress(ProcessLookupError):
            os.kill(run.worker.pid, signal.SIGSTOP)
        self._paused.append(run)
        self._fill()

    def _resume(self) -> None:
        """Let stopped queries go on while there are places."""
        while self._paused and self._long() < self._places:
            held = Counter(run.client for run in self._runs.values() if run.long)
            run = min(self._paused, key=lambda one: held[one.client])
            self._paused.remove(run)
            run.paused = False
            run.ends_at += asyncio.get_running_loop().time() - run.stopped_at
            self._go_on(run)
            with contextlib.suppress(ProcessLookupError):
                os.kill(run.worker.pid, signal.SIGCONT)

    # The end of a query

    def _stop(self, run: _Run, name: str, error: LimitError) -> None:
        """End the worker of a query; its client is told ``error``."""
        if run.stop is None and run.worker in self._runs:
            self.tally[name] += 1
            run.stop = error
            self._discard(run)
            run.worker.lose()

    def _finished(self, run: _Run) -> None:
        self._forget(run)
        spent = run.long or run.worker.gone or run.worker.jobs >= _JOBS
        quiet = not (spent or self._queue or self._paused)
        if quiet and len(self._idle) + len(self._runs) < self.limits.workers:
            self._idle.append(run.worker)
            return
        spare = len(self._idle) + len(self._runs) - len(self._paused) >= self.limits.workers
        if spent or spare:
            self._bury(run)
        else:
            self._free(run.worker)
        self._resume()

    def _discard(self, run: _Run) -> None:
        self._forget(run)
        self._bury(run)
        self._resume()

    def _forget(self, run: _Run) -> None:
        self._runs.pop(run.worker, None)
        if run.paused:
            self._paused.remove(run)

    def _bury(self, run: _Run) -> None:
        run.worker.gone = True
        self._start(self._end(run))
        self._fill()

    async def _end(self, run: _Run) -> Ending:
        ending = await self._nursery.end(run.worker)
        self._budget.charge(run.client, max(0.0, ending.seconds - run.worker.seconds))
        return ending

    async def _ended(self, run: _Run) -> BibgraphError:
        """What the client is told of a worker that ended before it answered."""
        if run.stop is not None:
            return run.stop
        self._forget(run)
        self._fill()
        self._resume()
        ending = await self._end(run)
        self.tally[ending.cause] += 1
        return refusals.ended(self.limits, ending.cause)

    # Workers

    def _fill(self) -> None:
        """Have as many workers made as are missing."""
        at_work = len(self._idle) + len(self._runs) - len(self._paused) + self._hatching
        for _ in range(self.limits.workers - at_work):
            if not self._closed:
                self._hatching += 1
                self._start(self._hatch())

    async def _hatch(self) -> None:
        try:
            worker = await self._nursery.hatch(self._lost)
        except (StoreError, OSError):
            self._hatching -= 1
            await self._reopen()
            return
        self._hatching -= 1
        self.tally["hatched"] += 1
        self._free(worker)

    def _lost(self, worker: Worker) -> None:
        """A worker's link has ended; those under way are dealt with where they are waited for."""
        if worker in self._idle:
            self._idle.remove(worker)
            self._start(self._nursery.end(worker))
            self._fill()

    async def _reopen(self) -> None:
        """Start anew what makes workers, more and more slowly while that fails."""
        if self._closed or any(task.get_name() == "reopen" for task in self._tasks):
            return
        task = asyncio.current_task()
        if task is not None:
            task.set_name("reopen")
        self.tally["zygotes"] += 1
        before = self.version
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            await asyncio.sleep(pause)
            try:
                await self._nursery.open()
                break
            except (BibgraphError, OSError) as error:
                _LOG.error("the data cannot be loaded again: %s", error)
        if self.version != before:
            _LOG.warning("the files have changed since they were checked: now serving %s", self.version)
        if task is not None:
            task.set_name("reopened")
        self._fill()

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
