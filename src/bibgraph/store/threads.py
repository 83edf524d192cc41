"""A store that is asked in threads, such as one elsewhere: within limits of time, number and waiting."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from bibgraph.errors import BibgraphError
from bibgraph.limits import Limits
from bibgraph.store import SparqlStore, Written
from bibgraph.store.calls import Call, Left, working_for
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.queue import Queue
from bibgraph.store.sandbox.refusals import late
from bibgraph.store.sandbox.worker import perform

OURSELVES = "ourselves, no client"
"""Who asks where the service itself wants to know. With a comma, which no name of a client has."""


@dataclass(eq=False)
class _Work:
    """What is done in a thread for somebody. done: the answer's kind and bytes, which come some time."""

    client: str
    call: Call
    done: Future[tuple[str, bytes]] = field(init=False)


class Threads:
    """A store that can be asked from several threads, such as one elsewhere that keeps limits of its own.

    A thread that becomes free goes to the client that holds fewest. What is asked as ``OURSELVES`` has a
    thread of its own, so that it is answered while all others are held.
    """

    def __init__(self, store: SparqlStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._line = _Line(limits.workers, limits)
        self._our_line = _Line(1, limits)

    @property
    def version(self) -> str:
        """See ``serving.Evaluator.version``."""
        return self._store.version

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        """See ``serving.Evaluator.run``. A thread cannot be ended: what comes too late is thrown away.

        But the work ends for which nobody waits any more: see ``calls``.
        """
        seconds = min(timeout or self._limits.timeout, self._limits.timeout)
        line = self._our_line if client == OURSELVES else self._line
        work = await line.begin(_Work(client, Call()), partial(self._perform, job))
        try:
            await asyncio.wait((work.done,), timeout=seconds)
        except asyncio.CancelledError:
            work.call.leave()
            raise
        if work.done.done():
            return Written(*work.done.result())
        # The store gives up at its own limit, and then looks whether it was the query or the service.
        if seconds < self._limits.timeout:
            work.call.leave()
        raise late(seconds)

    def _perform(self, job: Job, call: Call) -> tuple[str, bytes]:
        try:
            with working_for(call):
                found = perform(job, self._store, self._limits)
                str(self._store.version)  # is heard here if it was long ago: the loop cannot wait for it
                return found
        except Left:
            return "", b""  # which nobody reads
        except BibgraphError as error:
            # Tracebacks would hold the engine's answer, which only this thread may let go of.
            error.__context__ = None
            raise error.with_traceback(None) from None


class _Line:
    """Some threads, and who waits for one of them."""

    def __init__(self, threads: int, limits: Limits) -> None:
        self._threads = ThreadPoolExecutor(threads, "store")
        self._free = threads
        self._held: Counter[str] = Counter()
        self._queue = Queue[None, _Work](limits, lambda: self._held, lambda work: work.call.leave())

    async def begin(self, work: _Work, perform: Callable[[Call], tuple[str, bytes]]) -> _Work:
        """Have the work done as soon as there is a thread. Raises LimitError if none is free in time."""
        start = partial(self._start, work, perform)
        if not self._free:
            return await self._queue.wait(work.client, start)
        self._free -= 1
        return start(None)

    def _start(self, work: _Work, perform: Callable[[Call], tuple[str, bytes]], _: None) -> _Work:
        self._held[work.client] += 1
        work.done = asyncio.wrap_future(self._threads.submit(perform, work.call))
        work.done.add_done_callback(lambda _: self._ended(work))
        return work

    def _ended(self, work: _Work) -> None:
        self._held -= Counter((work.client,))
        if not work.done.cancelled():
            work.done.exception()  # looked at, so that asyncio does not tell of it
        if not self._queue.give(None):
            self._free += 1
