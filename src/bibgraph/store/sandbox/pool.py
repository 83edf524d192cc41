"""The pool: one query to a worker at a time, short ones before long ones, each within its limits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter

from bibgraph.errors import BibgraphError, LimitError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store import Written
from bibgraph.store.sandbox import refusals
from bibgraph.store.sandbox.budget import Budget
from bibgraph.store.sandbox.frames import KINDS, Job, decode_error
from bibgraph.store.sandbox.pace import Pace, Run
from bibgraph.store.sandbox.queue import Queue
from bibgraph.store.sandbox.staff import Staff
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker, WorkerGone

_JOBS = 5000
"""So many answers a worker gives before it is replaced: what it may have lost of its memory goes with it."""
_TOLD = 5.0
"""Seconds within which why a worker has ended should be known."""
_LOG = logging.getLogger(__name__)


class Pool:
    """Workers over one version of the data.

    tally: how often something happened, by name, here and where else it is counted in the same: ``answered``,
    the limits that were met (``timeout``, ``memory``, ``result-bytes``, ``nesting`` …), ``stack``,
    ``killed``, ``crash``, ``fault``, ``busy``, ``over-budget``, ``left``, ``again`` (asked of another worker,
    for the first had ended before it could begin), ``hatched``, ``zygotes``.
    """

    def __init__(self, nursery: Nursery, limits: Limits, tally: Counter[str] | None = None) -> None:
        self.limits = limits
        self.tally = Counter() if tally is None else tally
        self._budget = Budget(limits.client_budget, time.monotonic)
        self._staff = Staff(nursery, limits, self.tally, lambda: self._pace.at_work, self._free)
        self._pace = Pace(limits, self._budget, self._stop, self._staff.fill)
        self._queue = Queue(limits, self._held, self._free)

    @property
    def version(self) -> str:
        """Names the data."""
        return self._staff.version

    @property
    def state(self) -> dict[str, int]:
        """How many queries are running, of these long; stopped; and waiting for a worker."""
        return {
            "running": self._pace.at_work,
            "long": self._pace.long,
            "stopped": len(self._pace.paused),
            "waiting": len(self._queue),
        }

    @property
    def waited(self) -> float:
        """Seconds that queries have waited for a worker, all together."""
        return self._queue.waited

    async def open(self) -> None:
        """Make ready, with one worker that can answer; the others follow. Raises BibgraphError."""
        await self._staff.open()

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        """The answer to a query, whole.

        client: who asks, for the shares of all. timeout: seconds; it can only be less than the limit. Raises
        LimitError if a limit is met, StoreError if the worker was ended from outside, and what the query
        itself raises (see ``SparqlStore.query``). If the caller is cancelled the worker is ended.
        """
        worker = self._staff.idle.pop() if self._staff.idle else await self._waited_for(client)
        run = self._pace.begin(worker, client, min(timeout or self.limits.timeout, self.limits.timeout))
        again = False
        while True:
            try:
                kind, seconds, body = await worker.ask(job)
                break
            except WorkerGone as gone:
                if again or gone.begun or run.stop is not None:
                    raise await self._ended(run) from None
            except asyncio.CancelledError:
                self.tally["left"] += 1
                self._discard(run)
                raise
            again, left = True, run.ends_at - asyncio.get_running_loop().time()
            worker = await self._instead_of(run)
            run = self._pace.begin(worker, client, run.timeout)
            run.ends_at += left - run.timeout
        if run.stop is not None:  # the answer came as the worker was being ended: too late is too late
            raise run.stop
        self._budget.charge(client, seconds)
        self._finished(run)
        return self._outcome(KINDS[kind], body)

    async def close(self, grace: float = 0.0) -> None:
        """End all workers, once the queries under way have ended or ``grace`` seconds have passed."""
        ends = time.monotonic() + grace
        while (self._pace.runs or self._queue) and time.monotonic() < ends:
            await asyncio.sleep(0.01)
        self._queue.close()
        await self._staff.close()

    def _outcome(self, kind: str, body: bytes) -> Written:
        if kind == "error":
            error = decode_error(body)
            self.tally[error.limit if isinstance(error, LimitError) else "refused"] += 1
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

    async def _instead_of(self, run: Run) -> Worker:
        """A worker in place of one that ended before it could begin, which is no doing of the query."""
        self.tally["again"] += 1
        self._pace.forget(run)
        self._staff.bury(run.worker)
        self._pace.resume()
        # Whatever ended it may have ended those that are idle as well, so rather one that is being made.
        if self._staff.idle and not self._staff.hatching:
            return self._staff.idle.pop()
        return await self._waited_for(run.client)

    def _held(self) -> Counter[str]:
        """How many queries each client has under way."""
        return Counter(run.client for run in self._pace.runs.values())

    def _free(self, worker: Worker) -> None:
        """Hand a worker on; one that has ended in the meantime, where nobody was asking it, is buried."""
        if worker.gone:
            self._staff.bury(worker)
        elif not self._queue.give(worker):
            self._staff.idle.append(worker)

    # The end of a query

    def _stop(self, run: Run, name: str, error: LimitError) -> None:
        """End the worker of a query; its client is told ``error``."""
        if run.stop is None and run.worker in self._pace.runs:
            self.tally[name] += 1
            run.stop = error
            self._discard(run)
            run.worker.lose()

    def _finished(self, run: Run) -> None:
        self._pace.forget(run)
        idle, paused = self._staff.idle, self._pace.paused
        # One that was stopped had answered just before, and stands still.
        spent = run.long or run.paused or run.worker.gone or run.worker.jobs >= _JOBS
        spare = len(idle) + self._pace.at_work >= self.limits.workers
        if not (spent or spare or self._queue or paused):
            idle.append(run.worker)
            return
        if spent or spare:
            self._bury(run)
        else:
            self._free(run.worker)
        self._pace.resume()

    def _discard(self, run: Run) -> None:
        self._pace.forget(run)
        self._bury(run)
        self._pace.resume()

    def _bury(self, run: Run) -> None:
        run.worker.gone = True
        self._staff.start(self._end(run))
        self._staff.fill()

    async def _end(self, run: Run) -> Ending:
        ending = await self._staff.end(run.worker)
        self._budget.charge(run.client, max(0.0, ending.seconds - run.worker.seconds))
        return ending

    async def _ended(self, run: Run) -> BibgraphError:
        """What the client is told of a worker that ended before it answered."""
        if run.stop is not None:
            return run.stop
        self._pace.forget(run)
        self._staff.fill()
        self._pace.resume()
        try:
            cause = (await asyncio.wait_for(self._end(run), _TOLD)).cause
        except TimeoutError:  # nobody is there to tell
            cause = "killed"
        self.tally[cause] += 1
        return refusals.ended(self.limits, cause)
