"""Who waits for a worker: bounded in number and time, and a share for each client."""

from __future__ import annotations

import asyncio
import time
from asyncio import Future
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store.sandbox.refusals import busy
from bibgraph.store.sandbox.workers import Worker


@dataclass(eq=False)
class _Waiter:
    client: str
    worker: Future[Worker]

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

    def __len__(self) -> int:
        return len(self._waiters)

    async def wait(self, client: str) -> Worker:
        """A worker, when it is this client's turn. Raises LimitError if there is no room, or no turn soon."""
        if len(self._waiters) >= self._limits.queue:
            self._make_room(client)
        waiter = _Waiter(client, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._limits.wait):
                await waiter.worker
        except TimeoutError:
            if not waiter.served():
                raise busy(self._limits, "wait", message("No worker was free in time.")) from None
        except asyncio.CancelledError:
            if waiter.served():
                self._back(waiter.worker.result())
            raise
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            self.waited += time.monotonic() - began
        return waiter.worker.result()

    def give(self, worker: Worker) -> bool:
        """Whether a worker was taken: by who has waited longest of those with fewest queries running."""
        while self._waiters:
            held = self._held()
            waiter = min(self._waiters, key=lambda one: held[one.client])
            self._waiters.remove(waiter)
            if not waiter.worker.done():
                waiter.worker.set_result(worker)
                return True
        return False

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
