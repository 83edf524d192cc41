"""Whole answers kept for the next who asks the same, the least used forgotten first."""

from __future__ import annotations

import sys
from collections import OrderedDict
from typing import TypeAlias

from bibgraph.web.server.reply import Reply

Key: TypeAlias = tuple[str | None, ...]
"""What an answer depends on: the version, the address, and the headers that it varies by."""

_OVERHEAD = 2000
_MOST_ASKED = 20_000


class Shelf:
    """At most ``size`` bytes of replies. hits: how often one was there.

    When it is full, a reply takes the place of others only the second time it is asked for: whoever asks ever
    new questions does not push out what many ask.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, tuple[Reply, int]] = OrderedDict()
        self._asked: set[int] = set()
        self.bytes = 0
        self.hits = 0

    def find(self, key: Key) -> Reply | None:
        """The reply under this key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        self.hits += 1
        return found[0]

    def put(self, key: Key, reply: Reply) -> None:
        """Keep a reply, unless it would take the place of very many others."""
        weight = _weight(key, reply)
        if weight > self._size // 8 or key in self._kept:
            return
        if self.bytes + weight > self._size and not self._asked_before(hash(key)):
            return
        self._kept[key] = (reply, weight)
        self.bytes += weight
        while self.bytes > self._size:
            self.bytes -= self._kept.popitem(last=False)[1][1]

    def _asked_before(self, number: int) -> bool:
        if number in self._asked:
            self._asked.discard(number)
            return True
        if len(self._asked) >= _MOST_ASKED:
            self._asked.clear()
        self._asked.add(number)
        return False


def _weight(key: Key, reply: Reply) -> int:
    """Bytes that a kept reply takes; its address and headers may be longer than its body."""
    return len(reply.body) + _OVERHEAD + sum(map(sys.getsizeof, key))
