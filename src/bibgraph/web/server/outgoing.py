"""Large answers on their way: how much memory they hold. What is not taken in is cut off by ``listening``."""

from __future__ import annotations

from collections import Counter

LARGE = 256 * 1024
"""Bytes from which an answer needs room."""
MOST = 256 * 1024 * 1024
"""Bytes of answers that may be on their way at one time; one client may hold half of them."""


class Outgoing:
    """The answers that those who asked have not taken in yet. bytes: that they have, all together."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: Counter[str] = Counter()
        self.bytes = 0

    def fits(self, client: str, size: int) -> bool:
        """Whether one more answer of this size may go to this client."""
        return self.bytes + size <= self._most and self._held[client] + size <= self._most // 2

    def begin(self, client: str, size: int) -> None:
        """An answer waits for its client to take it in."""
        self._held[client] += size
        self.bytes += size

    def end(self, client: str, size: int) -> None:
        """It has gone, or its client has."""
        self._held[client] -= size
        self.bytes -= size
        if not self._held[client]:
            del self._held[client]
