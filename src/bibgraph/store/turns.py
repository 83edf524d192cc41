"""Threads that many clients share, by turns."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

from bibgraph.limits import Limits
from bibgraph.store.sandbox.queue import Queue

Made = TypeVar("Made")


class Turns(Generic[Made]):
    """Some threads, and who waits for one: a thread that becomes free goes to the client that holds fewest.

    name: of the threads. limits: how many may wait (``queue``), and for how long. for_newcomers: threads that
    only those get who hold none.
    """

    def __init__(self, threads: int, limits: Limits, name: str, *, for_newcomers: int = 0) -> None:
        self._threads = ThreadPoolExecutor(threads, name)
        self._free = threads
        self._for_newcomers = for_newcomers
        self._held: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._queue = Queue[None, Future[Made]](limits, lambda: self._held, lambda _: None)

    async def begin(self, client: str, work: Callable[[], Made]) -> Future[Made]:
        """What the work comes to some time, as soon as a thread has begun with it.

        A thread cannot be ended: the client holds it to the end of its work, even if nobody waits for that.
        Raises LimitError if there is no room, or no thread in time.
        """
        start = partial(self._start, client, work)
        if self._may_begin((client,)):
            return start(None)
        self._waiting[client] += 1
        try:
            return await self._queue.wait(client, start)
        finally:
            self._waiting -= Counter((client,))

    def _may_begin(self, clients: Iterable[str]) -> bool:
        """Whether one of these may have a thread now."""
        return self._free > self._for_newcomers or (self._free > 0 and not all(map(self._held.get, clients)))

    def _start(self, client: str, work: Callable[[], Made], _: None) -> Future[Made]:
        self._free -= 1
        self._held[client] += 1
        made = asyncio.wrap_future(self._threads.submit(work))
        made.add_done_callback(partial(self._ended, client))
        return made

    def _ended(self, client: str, made: Future[Made]) -> None:
        self._free += 1
        self._held -= Counter((client,))
        if not made.cancelled():
            made.exception()  # looked at, so that asyncio does not tell of it
        if self._may_begin(self._waiting):
            self._queue.give(None)
