"""Whole answers kept for the next who asks the same, the least used forgotten first."""

from __future__ import annotations

import sys
from collections import OrderedDict
from typing import TypeAlias

from bibgraph.web.server.bridge import Reply

Key: TypeAlias = tuple[str | None, ...]
"""What an answer depends on: the version, the address, and the headers that it varies by."""

_OVERHEAD = 2000


class Shelf:
    """At most ``size`` bytes of replies. hits: how often one was there."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, Reply] = OrderedDict()
        self.bytes = 0
        self.hits = 0

    def find(self, key: Key) -> Reply | None:
        """The reply under this key."""
        reply = self._kept.get(key)
        if reply is not None:
            self._kept.move_to_end(key)
            self.hits += 1
        return reply

    def put(self, key: Key, reply: Reply) -> None:
        """Keep a reply, unless it would take the place of very many others."""
        weight = _weight(key, reply)
        if weight > self._size // 8 or key in self._kept:
            return
        self._kept[key] = reply
        self.bytes += weight
        while self.bytes > self._size:
            self.bytes -= _weight(*self._kept.popitem(last=False))


def _weight(key: Key, reply: Reply) -> int:
    """Bytes that a kept reply takes; its address and headers may be longer than its body."""
    return len(reply.body) + _OVERHEAD + sum(map(sys.getsizeof, key))
