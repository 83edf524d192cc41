"""Clients that leave before their answer is there: what was done for them is ended."""

from __future__ import annotations

import asyncio
from asyncio import Task
from typing import Any

_BETWEEN_LOOKS = 0.04
"""Whoever is found waiting at two looks is watched. Most answers are there before, and cost no watching."""


class Leaving:
    """Cancels the tasks of those who leave."""

    def __init__(self) -> None:
        self._waiting: dict[Task[Any], Any] = {}
        self._seen: set[Task[Any]] = set()
        self._watches: dict[Task[Any], Task[None]] = {}
        self._looking = False

    def begin(self, task: Task[Any], protocol: Any) -> None:  # noqa: ANN401  # granian has no types for it
        """From now on the client at the other end of ``protocol`` waits for ``task``."""
        self._waiting[task] = protocol
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(_BETWEEN_LOOKS, self._look)

    def end(self, task: Task[Any]) -> None:
        """The client's answer is there."""
        del self._waiting[task]
        if task in self._seen:
            self._seen.discard(task)
            watch = self._watches.pop(task, None)
            if watch is not None:
                watch.cancel()

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        for task, protocol in self._waiting.items():
            if task not in self._seen:
                self._seen.add(task)
            elif task not in self._watches:
                self._watches[task] = loop.create_task(_watch(task, protocol))
        self._looking = bool(self._waiting)
        if self._looking:
            loop.call_later(_BETWEEN_LOOKS, self._look)


async def _watch(task: Task[Any], protocol: Any) -> None:  # noqa: ANN401
    await protocol.client_disconnect()
    task.cancel()
