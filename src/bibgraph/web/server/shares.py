"""Memory that clients make the server hold: large answers on their way, and bodies that are coming in."""

from __future__ import annotations

from collections import Counter

LARGE = 256 * 1024
"""Bytes from which an answer needs room."""
ANSWERS = 256 * 1024 * 1024
"""Bytes of answers that may be on their way at one time. What is not taken in is cut off by ``listening``."""
SMALL = 16 * 1024
"""Bytes of a body that need no room, so that whoever sends large ones leaves most others alone."""
BODIES = 64 * 1024 * 1024
"""Bytes of bodies that may be coming in at one time, besides what needs no room."""
_LARGEST_BODIES = 4
"""So many of the largest bodies fit in any case."""


class Shares:
    """``most`` bytes, of which one client may hold half. bytes: that are held, for all together."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: Counter[str] = Counter()
        self.bytes = 0

    def fits(self, client: str, size: int) -> bool:
        """Whether so much more may be held for this client."""
        return self.bytes + size <= self.most and self._held[client] + size <= self.most // 2

    def begin(self, client: str, size: int) -> None:
        """So much more is held."""
        self._held[client] += size
        self.bytes += size

    def end(self, client: str, size: int) -> None:
        """So much is held no more."""
        self._held[client] -= size
        self.bytes -= size
        if not self._held[client]:
            del self._held[client]


class Body:
    """A body that comes in from a client, as far as it needs room in ``shares``."""

    def __init__(self, shares: Shares, client: str) -> None:
        self.shares = shares
        self._client = client
        self._size = 0

    def grow(self, size: int) -> bool:
        """Whether it may be of ``size`` bytes by now."""
        more = size - SMALL - self._size
        if more <= 0:
            return True
        if not self.shares.fits(self._client, more):
            return False
        self.shares.begin(self._client, more)
        self._size += more
        return True

    def end(self) -> None:
        """It is held no more, or is no longer coming in."""
        if self._size:
            self.shares.end(self._client, self._size)
            self._size = 0


def for_bodies(largest: int) -> Shares:
    """Room for bodies of requests, each of ``largest`` bytes at most."""
    return Shares(max(BODIES, _LARGEST_BODIES * largest))
