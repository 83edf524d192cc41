"""The pool: one query to a worker at a time, short ones before long ones, each within its limits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

from bibgraph.errors import BibgraphError, LimitError, QueryError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.sparql.ordering import by_kind
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
_OF_A_TEXT = ("query-bytes", "nesting", "words")
_LOG = logging.getLogger(__name__)


class Pool:
    """Workers over one version of the data.

    tally: how often something happened, by name, here and where else it is counted in the same: ``answered``,
    ``refused`` (for what the query is), the limits that were met (``timeout``, ``memory``, ``result-bytes``,
    ``nesting`` …), ``stack``, ``killed``, ``crash``, ``fault``, ``busy``, ``over-budget``, ``left``,
    ``again`` (asked of another worker, for the first had ended before it could begin), ``hatched``,
    ``zygotes``.
    """

    def __init__(self, nursery: Nursery, limits: Limits, tally: Counter[str] | None = None) -> None:
        self.limits = limits
        self.tally = Counter() if tally is None else tally
        self._budget = Budget(limits.client_budget, time.monotonic)
        self._staff = Staff(nursery, limits, self.tally, lambda: self._pace.at_work, self._free)
        self._pace = Pace(limits, self._budget, self._stop, self._staff.fill)
        self._queue = Queue[Worker, Run](limits, self._held, self._left, self._pace.is_slow)

    @property
    def version(self) -> str:
        """Names the data."""
        return self._staff.version

    @property
    def state(self) -> dict[str, int]:
        """How many queries are running, of these long; stopped; and waiting for a worker."""
        return {
            "running": len(self._pace.runs) - len(self._pace.paused),
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

    async def run(self, job: Job, client: str = "", timeout: float = 0.0, waited: float = 0.0) -> Written:
        """The answer to a query, whole.

        client: who asks, for the shares of all. timeout: seconds; it can only be less than the limit. waited:
        seconds that the query has waited before. Raises LimitError if a limit is met, StoreError if the
        worker was ended from outside, and what the query itself raises (see ``SparqlStore.query``). If the
        caller is cancelled before the answer is whole the worker is ended.
        """
        seconds = min(timeout or self.limits.timeout, self.limits.timeout)
        # Encoded here: what fails then fails for this caller, not where the answer of another one is read.
        begin = partial(self._begin, job.encoded(), client, seconds)
        idle = self._staff.idle
        run = begin(idle.pop()) if idle else await self._waited_for(client, begin, waited)
        run.waited += waited
        again = False
        while True:
            try:
                kind, body = await run.answer
                break
            except WorkerGone as gone:
                if again or gone.begun or run.stop is not None:
                    return await self._after_the_end(run, job)
            except asyncio.CancelledError:
                self._left(run)
                raise
            again, run = True, await self._instead_of(run, begin)
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

    def _begin(self, frame: bytes, client: str, seconds: float, worker: Worker) -> Run:
        return self._pace.begin(worker, worker.ask(frame, self._answered), client, seconds)

    def _answered(self, worker: Worker, seconds: float) -> None:
        """The answer of a worker is all there: it goes on to its next job."""
        run = self._pace.runs[worker]
        self._budget.charge(run.client, seconds)
        self._finished(run)

    async def _waited_for(self, client: str, begin: Callable[[Worker], Run], waited: float) -> Run:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            run = await self._queue.wait(client, begin, waited)
        except LimitError:
            self.tally["busy"] += 1
            raise
        run.waited += loop.time() - began
        return run

    async def _instead_of(self, run: Run, begin: Callable[[Worker], Run]) -> Run:
        """Another run in place of one whose worker ended before it, which is no doing of the query."""
        self.tally["again"] += 1
        left = run.ends_at - asyncio.get_running_loop().time()
        self._pace.forget(run)
        self._staff.bury(run.worker)
        self._pace.resume()
        # Whatever ended it may have ended those that are idle as well, so rather one that is being made.
        idle = () if self._staff.hatching else self._staff.idle
        other = begin(idle.pop()) if idle else await self._waited_for(run.client, begin, run.waited)
        other.ends_at += left - run.timeout
        other.waited += run.waited
        return other

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
        if run.stop is None and self._pace.has(run):
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

    def _left(self, run: Run) -> None:
        """Whoever asked is gone: end the worker, unless it has answered and may work for another one."""
        self.tally["left"] += 1
        run.answer.cancel()  # what comes now is for nobody; an error that has come need not be told
        if self._pace.has(run):
            self._discard(run)

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

    async def _after_the_end(self, run: Run, job: Job) -> Written:
        """What there is to say of a worker that ended before it answered.

        Where an ORDER BY may have ended it, the query is asked once more, in an order that the engine can
        find. Raises what the client is to be told.
        """
        if run.stop is not None:
            raise run.stop from None
        self._pace.forget(run)
        self._staff.fill()
        self._pace.resume()
        try:
            cause = (await asyncio.wait_for(self._end(run), _TOLD)).cause
        except TimeoutError:  # nobody is there to tell
            cause = "killed"
        self.tally[cause] += 1
        refusal = refusals.ended(self.limits, cause)
        ordered = await asyncio.to_thread(by_kind, job.text) if cause == "crash" else None
        left = round(run.ends_at - asyncio.get_running_loop().time(), 1)
        if ordered is None or left <= 0:
            raise refusal from None
        try:
            return await self.run(job._replace(text=ordered), run.client, left, run.waited)
        except LimitError as error:
            if error.limit in _OF_A_TEXT:  # of ours then, not of the client's
                raise refusal from None
            raise refusals.late(run.timeout) if error.limit == "timeout" else error from None
        except QueryError:
            raise refusal from None
