"""The clock of all queries: which of them are late, which are long, and which of the long ones may go on.

A query that has run for ``LONG`` seconds, and has had a processor for half of them, needs one of the places
for long ones, half as many as there are workers, and goes on at a low priority. If they are all taken it
is stopped where it stands, holding its memory but no processor, until one is free; among those that wait, the
client that holds fewest places comes first, and of several the one whose turn was longest ago; of its queries
the one that has had no turn yet. For a client that holds fewer, and for another query of the same client that
has had no turn, a query has to stop once it had ``TURN`` seconds. So whatever long queries do, and whoever
asks them, short ones find a worker and a processor, and middling ones a turn; and one that is short, but
waits for a processor, is not taken for a long one.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
from asyncio import Future
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bibgraph.errors import LimitError
from bibgraph.limits import Limits
from bibgraph.messages import Message, message
from bibgraph.store.sandbox import refusals
from bibgraph.store.sandbox.budget import Budget
from bibgraph.store.sandbox.slices import come_at_once, run_in_batches
from bibgraph.store.sandbox.workers import Worker

LONG = 0.05
"""Seconds after which a query counts as long: so long others may have to wait for a worker."""

TURN = 0.5
"""Seconds of processing that a long query has when it is given a place, whoever waits."""

_USED = LONG / 2
"""Seconds of processing in them, without which the machine is slow rather than the query long."""
_TICK = 0.02
"""Seconds between two looks at the clock; a query is ended at the second one that finds it late."""

_LOW = 10
"""Beside what is short they get a tenth of a processor, so that they end however busy the machine is."""
_PAUSED = 4
"""So many stopped queries there may be for each worker."""
_MOST_TURNS = 10_000
_LATELY = 10.0
"""Seconds for which a client counts as one that has long queries."""
_TOO_MANY = message("Too many long queries are running already.")


@dataclass(eq=False, slots=True)
class Run:
    """A query under way.

    answer: see ``Worker.ask``. long_at, ends_at: when it may count as long, and is too late, by the loop's
    clock. late: it was so at the last look. used: seconds of processing when it was last given a place; None
    before that. stopped_at: when it was stopped. waited: seconds before that in which it waited for a worker
    or was stopped. stop: what the client is told instead of an answer, once the worker was ended for it.
    """

    worker: Worker
    answer: Future[tuple[int, bytes]]
    client: str
    timeout: float
    long_at: float
    ends_at: float
    long: bool = False
    late: bool = False
    paused: bool = False
    used: float | None = None
    stopped_at: float = 0.0
    waited: float = 0.0
    stop: LimitError | None = None


class Pace:
    """Keeps the time of the queries under way.

    runs: these, by worker. paused: those of them that are stopped. stop: ends one of them, with the name
    that it is counted by and what its client is told. fill: has workers made in place of those stopped.
    """

    def __init__(
        self,
        limits: Limits,
        budget: Budget,
        stop: Callable[[Run, str, LimitError], None],
        fill: Callable[[], None],
    ) -> None:
        self.runs: dict[Worker, Run] = {}
        self.paused: list[Run] = []
        self._limits = limits
        self._budget = budget
        self._stop = stop
        self._fill = fill
        self._places = max(1, limits.workers // 2)
        self._beside = self._places if self._places == limits.workers else 0
        self._ticking = self._hurried = False
        self._turns: dict[str, float] = {}

    def begin(self, worker: Worker, answer: Future[tuple[int, bytes]], client: str, timeout: float) -> Run:
        """A query begins, which may take ``timeout`` seconds."""
        loop = answer.get_loop()
        now = loop.time()
        run = self.runs[worker] = Run(worker, answer, client, timeout, now + LONG, now + timeout)
        if not self._ticking:
            self._ticking = True
            loop.call_later(_TICK, self._tick)
        return run

    def has(self, run: Run) -> bool:
        """Whether a query is still under way."""
        return self.runs.get(run.worker) is run

    def forget(self, run: Run) -> None:
        """A query has ended."""
        self.runs.pop(run.worker, None)
        if run.paused:
            self.paused.remove(run)

    @property
    def long(self) -> int:
        """How many long queries are going on."""
        return sum(run.long for run in self.runs.values())

    @property
    def at_work(self) -> int:
        """How many queries are going on, for which there are workers.

        Where there would be none beside the long one, it goes on beside them.
        """
        return len(self.runs) - len(self.paused) - min(self.long, self._beside)

    def is_slow(self, client: str) -> bool:
        """Whether a client had a long query lately, which may not have been its last one."""
        return asyncio.get_running_loop().time() - self._turns.get(client, -math.inf) < _LATELY

    def resume(self) -> None:
        """Let stopped queries go on while there are places."""
        while self.paused and self.long < self._places:
            run = self._next(self._held())
            self.paused.remove(run)
            run.paused = False
            stopped = asyncio.get_running_loop().time() - run.stopped_at
            run.waited += stopped
            run.ends_at += stopped
            self._go_on(run)
            with suppress(ProcessLookupError):
                os.kill(run.worker.pid, signal.SIGCONT)

    def _held(self) -> Counter[str]:
        """How many places each client holds."""
        return Counter(run.client for run in self.runs.values() if run.long)

    def _next(self, held: Counter[str]) -> Run:
        """The stopped query that goes on next."""
        return min(
            self.paused,
            key=lambda one: (held[one.client], self._turns.get(one.client, 0.0), one.used is not None),
        )

    def _tick(self) -> None:
        """Look at every query under way. One look now and then is cheaper than two timers for each query."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for run in tuple(self.runs.values()):
            if run.paused:
                if run.waited + now - run.stopped_at >= self._limits.wait:
                    self._refuse(run, "wait", message("No place for a long query was free in time."))
            elif now >= run.ends_at:
                self._is_late(run)
            elif not run.long and now >= run.long_at and run.worker.used() >= _USED:
                self._is_long(run)
        if self._limits.client_budget:
            self._hold_to_budget()
        if self.paused:
            self._take_turns()
        self._hurry()
        self._ticking = bool(self.runs)
        if self._ticking:
            loop.call_later(_TICK, self._tick)

    def _hurry(self) -> None:
        """While long queries go on, have this process not wait until one of them has had its turn."""
        if self.long and not self._hurried:
            self._hurried = come_at_once()
        elif self._hurried and not self.long:
            self._hurried = False
            run_in_batches()

    def _hold_to_budget(self) -> None:
        """End the one that has taken most of a client whose long queries use up more than it has left."""
        told = {run: run.worker.used() for run in self.runs.values() if run.long}
        used = {run: seconds for run, seconds in told.items() if math.isfinite(seconds)}
        for client in {run.client for run in used}:
            own = [run for run in used if run.client == client]
            owed = self._budget.wait(client, sum(used[run] for run in own))
            if owed:
                most = max(own, key=lambda run: used[run])
                self._stop(most, "over-budget", refusals.over_budget(self._limits, owed))

    def _take_turns(self) -> None:
        """Stop a query that has had its turn for the one that goes on next, if it has to."""
        held = self._held()
        first = self._next(held)
        over = [run for run in self.runs.values() if run.long and self._yields(run, first, held)]
        if over:
            self._pause(max(over, key=lambda run: held[run.client]))
            self.resume()

    def _yields(self, run: Run, other: Run, held: Counter[str]) -> bool:
        own = run.client == other.client
        has_to = other.used is None if own else held[run.client] > held[other.client]
        return has_to and run.worker.used() - (run.used or 0.0) >= TURN

    def _is_late(self, run: Run) -> None:
        """End it at the second look: an answer that came in time may still be unread before the first one."""
        if run.late:
            self._stop(run, "timeout", refusals.late(run.timeout))
        else:
            run.late = True

    def _is_long(self, run: Run) -> None:
        owed = self._budget.wait(run.client)
        if owed:
            self._stop(run, "over-budget", refusals.over_budget(self._limits, owed))
        elif self.long < self._places:
            self._go_on(run)
            self._fill()
        elif len(self.paused) < _PAUSED * self._limits.workers or self._make_room(run):
            self._pause(run)
            self._fill()
        else:
            self._refuse(run, "workers", _TOO_MANY)

    def _make_room(self, newcomer: Run) -> bool:
        """Whether one of who has most stopped queries has been refused for one of who has fewer."""
        waiting = Counter(run.client for run in self.paused)
        greedy = max(waiting, key=lambda one: waiting[one])
        if waiting[greedy] <= waiting[newcomer.client] + 1:
            return False
        last = max((run for run in self.paused if run.client == greedy), key=lambda run: run.stopped_at)
        self._refuse(last, "workers", _TOO_MANY)
        return True

    def _refuse(self, run: Run, limit: str, problem: Message) -> None:
        self._stop(run, "busy", refusals.busy(self._limits, limit, problem))

    def _pause(self, run: Run) -> None:
        if not hasattr(signal, "SIGSTOP"):
            self._go_on(run)
            return
        run.long, run.paused = False, True
        run.stopped_at = asyncio.get_running_loop().time()
        with suppress(ProcessLookupError):
            os.kill(run.worker.pid, signal.SIGSTOP)
        self.paused.append(run)

    def _go_on(self, run: Run) -> None:
        run.long, run.used = True, run.worker.used()
        if len(self._turns) >= _MOST_TURNS:
            self._turns.clear()
        self._turns[run.client] = asyncio.get_running_loop().time()
        with suppress(OSError, AttributeError):  # it may just have ended; no priorities on Windows
            os.setpriority(os.PRIO_PROCESS, run.worker.pid, _LOW)
