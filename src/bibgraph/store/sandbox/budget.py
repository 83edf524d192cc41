"""A budget of processing time for each client, as a bucket that fills again while it is not used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

_MINUTE = 60.0
_MOST_CLIENTS = 10_000


class Budget:
    """At most ``seconds`` of processing in a minute for each client; 0 is without bound.

    now: tells the time in seconds.
    """

    def __init__(self, seconds: float, now: Callable[[], float]) -> None:
        self._full = seconds
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def charge(self, client: str, seconds: float) -> None:
        """Take from what the client has left; it may come to owe."""
        if not self._full:
            return
        self._left[client] = (self._level(client) - seconds, self._now())
        self._left.move_to_end(client)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)

    def wait(self, client: str, under_way: float = 0.0) -> float:
        """Seconds until the client may use some more; 0 if it may now.

        under_way: seconds of processing for which it has not been charged yet.
        """
        level = self._level(client) - under_way
        return max(0.0, -level * _MINUTE / self._full) if self._full else 0.0

    def _level(self, client: str) -> float:
        if client not in self._left:
            return self._full
        level, at = self._left[client]
        return min(self._full, level + (self._now() - at) * self._full / _MINUTE)
