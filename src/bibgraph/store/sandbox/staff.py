"""The workers that a pool has: made when they are missing, buried when they have ended."""

from __future__ import annotations

import asyncio
import logging
from asyncio import Task
from collections import Counter
from collections.abc import Callable, Coroutine
from itertools import chain, repeat
from typing import Any

from bibgraph.errors import BibgraphError
from bibgraph.limits import Limits
from bibgraph.store.sandbox.workers import Ending, Nursery, Worker

_NO_ROOM = 1.0
_PAUSES = (0.0, 0.1, 0.5, 2.0, 5.0)
_LOG = logging.getLogger(__name__)


class Staff:
    """As many workers as the limits say.

    idle: those that have nothing to do. hatching: how many are being made. tasks: what is done meanwhile.
    tally: gets ``hatched`` and ``zygotes``. at_work: tells how many have something to do. ready: takes a new
    one.
    """

    def __init__(
        self,
        nursery: Nursery,
        limits: Limits,
        tally: Counter[str],
        at_work: Callable[[], int],
        ready: Callable[[Worker], None],
    ) -> None:
        self.idle: list[Worker] = []
        self.hatching = 0
        self.tasks: set[Task[Any]] = set()
        self._nursery = nursery
        self._most = limits.workers
        self._tally = tally
        self._at_work = at_work
        self._ready = ready
        self._closed = False
        self._in_vain = 0  # so often it was started anew since there was a new worker

    @property
    def version(self) -> str:
        """Names the data."""
        return self._nursery.version

    async def open(self) -> None:
        """Make ready, with one worker that can answer; the others follow. Raises BibgraphError."""
        await self._nursery.open()
        self.fill()
        while not self.idle and not self._closed:
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        """End all workers."""
        self._closed = True
        for task in tuple(self.tasks):
            task.cancel()
        await self._nursery.close()

    async def end(self, worker: Worker) -> Ending:
        """End a worker, or bury it if it has ended. Once only for each."""
        return await self._nursery.end(worker)

    def bury(self, worker: Worker) -> None:
        """End a worker that nobody asks any more, and have another one made in its place."""
        if not self._closed:
            self.start(self._nursery.end(worker))
            self.fill()

    def fill(self) -> None:
        """Have as many workers made as are missing."""
        there = len(self.idle) + self._at_work() + self.hatching
        for _ in range(self._most - there):
            if not self._closed:
                self.hatching += 1
                self.start(self._hatch())

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Have something done that nobody waits for; it is ended with the pool."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _hatch(self) -> None:
        try:
            worker = await self._nursery.hatch(self._lost)
        except BibgraphError:
            self.hatching -= 1
            await self._reopen()
            return
        except OSError as error:  # those that there are go on
            _LOG.error("no worker can be made: %s", error)
            await asyncio.sleep(_NO_ROOM)
            self.hatching -= 1
            self.fill()
            return
        self.hatching -= 1
        self._in_vain = 0
        self._tally["hatched"] += 1
        self._ready(worker)

    def _lost(self, worker: Worker) -> None:
        """A worker's link has ended; those under way are dealt with where they are waited for."""
        if worker in self.idle:
            self.idle.remove(worker)
            self.bury(worker)

    async def _reopen(self) -> None:
        """Start anew what makes workers, more and more slowly while that fails."""
        if self._closed or any(task.get_name() == "reopen" for task in self.tasks):
            return
        task = asyncio.current_task()
        if task is not None:
            task.set_name("reopen")
        self._tally["zygotes"] += 1
        before = self.version
        pauses = chain(_PAUSES[self._in_vain :], repeat(_PAUSES[-1]))
        self._in_vain += 1
        for pause in pauses:
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
        self.fill()
