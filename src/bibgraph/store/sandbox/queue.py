"""Who waits for a worker: bounded in number and time, and a share for each client."""

from __future__ import annotations

import asyncio
from asyncio import Future, TimerHandle
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store.sandbox.refusals import busy
from bibgraph.store.sandbox.workers import Worker, lost


@dataclass(eq=False)
class _Waiter:
    client: str
    worker: Future[Worker]
    until: float

    def served(self) -> bool:
        """Whether it has been given a worker."""
        return self.worker.done() and not self.worker.cancelled() and self.worker.exception() is None


class Queue:
    """Those who wait for a worker.

    held: how many queries each client has under way. back: takes a worker that nobody waits for any more.
    waited: seconds of waiting, of all together.
    """

    def __init__(
        self, limits: Limits, held: Callable[[], Counter[str]], back: Callable[[Worker], None]
    ) -> None:
        self.waited = 0.0
        self._limits = limits
        self._held = held
        self._back = back
        self._waiters: deque[_Waiter] = deque()
        self._timer: TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiters)

    async def wait(self, client: str) -> Worker:
        """A worker, when it is this client's turn. Raises LimitError if there is no room, or no turn soon."""
        if len(self._waiters) >= self._limits.queue:
            self._make_room(client)
        loop = asyncio.get_running_loop()
        began = loop.time()
        waiter = _Waiter(client, loop.create_future(), began + self._limits.wait)
        self._waiters.append(waiter)
        if self._timer is None:  # one for all: they are late in the order in which they came
            self._timer = loop.call_at(waiter.until, self._refuse_late)
        try:
            return await waiter.worker
        except asyncio.CancelledError:
            if waiter.served():
                self._back(waiter.worker.result())
            with suppress(ValueError):  # it may be no longer in it
                self._waiters.remove(waiter)
            raise
        finally:
            self.waited += loop.time() - began

    def give(self, worker: Worker) -> bool:
        """Whether a worker was taken: by who has waited longest of those with fewest queries running."""
        while self._waiters:
            waiter = self._next()
            if not waiter.worker.done():
                waiter.worker.set_result(worker)
                return True
        return False

    def close(self) -> None:
        """Tell all who wait that there will be no more workers."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.worker.done():
                waiter.worker.set_exception(lost())

    def _next(self) -> _Waiter:
        first = self._waiters[0]
        if any(waiter.client != first.client for waiter in self._waiters):
            held = self._held()
            first = min(self._waiters, key=lambda one: held[one.client])
        self._waiters.remove(first)
        return first

    def _refuse_late(self) -> None:
        """Refuse those whose time is over."""
        loop = asyncio.get_running_loop()
        self._timer = None
        while self._waiters and self._waiters[0].until <= loop.time():
            waiter = self._waiters.popleft()
            if not waiter.worker.done():
                error = busy(self._limits, "wait", message("No worker was free in time."))
                waiter.worker.set_exception(error)
        if self._waiters:
            self._timer = loop.call_at(self._waiters[0].until, self._refuse_late)

    def _make_room(self, client: str) -> None:
        """Refuse one of a full queue: the latest of the client who has most in it, perhaps who comes."""
        error = busy(self._limits, "queue", message("Too many queries are waiting already."))
        waiting = Counter(waiter.client for waiter in self._waiters)
        greedy = max(waiting, key=lambda one: waiting[one], default=client)
        if waiting[greedy] <= waiting[client] + 1:
            raise error
        last = next(waiter for waiter in reversed(self._waiters) if waiter.client == greedy)
        self._waiters.remove(last)
        if not last.worker.done():
            last.worker.set_exception(error)
