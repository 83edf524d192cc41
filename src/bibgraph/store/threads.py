"""A store that is asked in threads, such as one elsewhere: within limits of time, number and waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from bibgraph.errors import LimitError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store import SparqlStore, Written
from bibgraph.store.calls import Call, Left, working_for
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.refusals import busy, late
from bibgraph.store.sandbox.worker import perform

OURSELVES = "ourselves, no client"
"""Who asks where the service itself wants to know. With a comma, which no name of a client has."""
_PAUSE = 0.05
_Done: TypeAlias = tuple[str, bytes]


class _Line:
    """Some threads, and the work that is done in them or waits for them. most: pieces of it at one time."""

    def __init__(self, threads: int, most: int) -> None:
        self._threads = ThreadPoolExecutor(threads, "store")
        self._most = most
        self._under_way = 0

    @property
    def full(self) -> bool:
        return self._under_way >= self._most

    def begin(self, work: Callable[[], _Done]) -> tuple[Future[_Done], asyncio.Future[_Done]]:
        self._under_way += 1
        begun = self._threads.submit(work)
        under_way = asyncio.wrap_future(begun)
        under_way.add_done_callback(self._ended)
        return begun, under_way

    def _ended(self, under_way: asyncio.Future[_Done]) -> None:
        self._under_way -= 1
        if not under_way.cancelled():
            under_way.exception()  # looked at, so that asyncio does not tell of it


class Threads:
    """A store that can be asked from several threads, such as one elsewhere that keeps limits of its own.

    What is asked as ``OURSELVES`` has a thread of its own, so that it is answered while all others are held.
    """

    def __init__(self, store: SparqlStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._line = _Line(limits.workers, limits.workers + limits.queue)
        self._our_line = _Line(1, limits.queue + 1)

    @property
    def version(self) -> str:
        """See ``serving.Evaluator.version``."""
        return self._store.version

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        """See ``serving.Evaluator.run``. A thread cannot be ended: what comes too late is thrown away.

        But the work ends for which nobody waits any more: see ``calls``.
        """
        limits = self._limits
        line = self._our_line if client == OURSELVES else self._line
        if line.full:
            raise busy(limits, "queue", message("Too many queries are waiting already."))
        seconds = min(timeout or limits.timeout, limits.timeout)
        asked, began, call = time.monotonic(), list[float](), Call()
        work, under_way = line.begin(partial(self._perform, job, began, call))
        try:
            await self._until(seconds, asked, began, work, under_way)
        except asyncio.CancelledError:
            _leave(work, call)
            raise
        except LimitError:
            # The store gives up at its own limit, and then looks whether it was the query or the service.
            if seconds < limits.timeout:
                _leave(work, call)
            raise
        return Written(*under_way.result())

    async def _until(
        self,
        seconds: float,
        asked: float,
        began: Sequence[float],
        work: Future[_Done],
        under_way: asyncio.Future[_Done],
    ) -> None:
        """Wait for the end of the work. Raises LimitError if it comes too late, or if no thread was free."""
        while not under_way.done():
            ends = began[0] + seconds if began else asked + self._limits.wait
            left = ends - time.monotonic()
            if left > 0:
                # What has not begun may begin at once, and is late so many seconds after that.
                pause = left if began else min(left, max(seconds, _PAUSE))
                await asyncio.wait((under_way,), timeout=pause)
            elif began:
                raise late(seconds)
            elif work.cancel():
                raise busy(self._limits, "wait", message("No worker was free in time."))
            else:  # it begins just now
                await asyncio.sleep(0)

    def _perform(self, job: Job, began: list[float], call: Call) -> _Done:
        began.append(time.monotonic())
        try:
            with working_for(call):
                found = perform(job, self._store, self._limits)
                str(self._store.version)  # is heard here if it was long ago: the loop cannot wait for it
                return found
        except Left:
            return "", b""  # which nobody reads


def _leave(work: Future[_Done], call: Call) -> None:
    if not work.cancel():
        call.leave()
