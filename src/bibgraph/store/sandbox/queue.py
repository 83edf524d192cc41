"""Who waits for a worker: bounded in number and time, and a share for each client."""

from __future__ import annotations

import asyncio
from asyncio import Future, TimerHandle
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store.sandbox.refusals import busy
from bibgraph.store.sandbox.workers import lost

Place = TypeVar("Place")
Run = TypeVar("Run")


@dataclass(eq=False)
class _Waiter(Generic[Place, Run]):
    client: str
    begin: Callable[[Place], Run]
    run: Future[Run]
    until: float

    def served(self) -> bool:
        """Whether it has been given a worker."""
        return self.run.done() and not self.run.cancelled() and self.run.exception() is None


class Queue(Generic[Place, Run]):
    """Those who wait for a worker, or another place where a query can run.

    held: how many queries each client has under way. left: takes a run that nobody waits for any more. slow:
    whether a client had long queries lately. waited: seconds of waiting, of all together.
    """

    def __init__(
        self,
        limits: Limits,
        held: Callable[[], Counter[str]],
        left: Callable[[Run], None],
        slow: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.waited = 0.0
        self._limits = limits
        self._held = held
        self._left = left
        self._slow = slow
        self._waiters: deque[_Waiter[Place, Run]] = deque()
        self._timer: TimerHandle | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiters)

    async def wait(self, client: str, begin: Callable[[Place], Run], waited: float = 0.0) -> Run:
        """What ``begin`` makes of a place, called the moment that there is one and it is this client's turn.

        waited: seconds that it has waited before, so that it came so much earlier. Raises LimitError if there
        is no room, or no turn soon; Unavailable if there will be no more workers.
        """
        if self._closed:
            raise lost()
        if len(self._waiters) >= self._limits.queue:
            self._make_room(client)
        loop = asyncio.get_running_loop()
        began = loop.time()
        until = began + self._limits.wait - waited
        waiter: _Waiter[Place, Run] = _Waiter(client, begin, loop.create_future(), until)
        insort(self._waiters, waiter, key=lambda one: one.until)
        if self._timer is None or until < self._timer.when():  # one for all: they are late in their order
            self._set_timer(until)
        try:
            return await waiter.run
        except asyncio.CancelledError:
            if waiter.served():
                self._left(waiter.run.result())
            with suppress(ValueError):  # it may be no longer in it
                self._waiters.remove(waiter)
            raise
        finally:
            self.waited += loop.time() - began

    def give(self, place: Place) -> bool:
        """Whether a place was taken: by who has fewest queries running, and of these fewest waiting.

        For who sends many that are ended at once has as few running as anybody. Of equals those come first
        who had no long ones lately, and of these the one that has waited longest.
        """
        while self._waiters:
            waiter = self._next()
            if not waiter.run.done():
                waiter.run.set_result(waiter.begin(place))
                return True
        return False

    def close(self) -> None:
        """Tell all who wait, or come later, that there will be no more workers."""
        self._closed = True
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.run.done():
                waiter.run.set_exception(lost())

    def _next(self) -> _Waiter[Place, Run]:
        first = self._waiters[0]
        if any(waiter.client != first.client for waiter in self._waiters):
            held, waiting = self._held(), Counter(waiter.client for waiter in self._waiters)
            slow = {client: self._slow(client) for client in waiting}
            first = min(
                self._waiters, key=lambda one: (held[one.client], waiting[one.client], slow[one.client])
            )
        self._waiters.remove(first)
        return first

    def _refuse_late(self) -> None:
        """Refuse those whose time is over."""
        now = asyncio.get_running_loop().time()
        self._timer = None
        while self._waiters and self._waiters[0].until <= now:
            waiter = self._waiters.popleft()
            if not waiter.run.done():
                error = busy(self._limits, "wait", message("No worker was free in time."))
                waiter.run.set_exception(error)
        if self._waiters:
            self._set_timer(self._waiters[0].until)

    def _set_timer(self, until: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(until, self._refuse_late)

    def _make_room(self, client: str) -> None:
        """Refuse one of a full queue: the latest of the client who has most in it, perhaps who comes."""
        error = busy(self._limits, "queue", message("Too many queries are waiting already."))
        waiting = Counter(waiter.client for waiter in self._waiters)
        greedy = max(waiting, key=lambda one: waiting[one], default=client)
        if waiting[greedy] <= waiting[client] + 1:
            raise error
        last = next(waiter for waiter in reversed(self._waiters) if waiter.client == greedy)
        self._waiters.remove(last)
        if not last.run.done():
            last.run.set_exception(error)
