"""Large answers on their way: how much memory they hold, and an end to those who do not take them.

The server below copies an answer and keeps the copy until it has been taken in, however slowly, and tells
nobody. But the connection of a large answer is closed once all has gone, so a connection that is still there
is one whose answer is still held.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from asyncio import Task
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LARGE = 256 * 1024
"""Bytes from which an answer is looked after."""
MOST = 256 * 1024 * 1024
"""Bytes of large answers that may be on their way at one time; one client may hold half of them."""

_BETWEEN_LOOKS = 0.5
_SOONEST = 0.05
"""A look goes through all that is open, so that there must not be one for each request."""
_GRACE = 20.0
_SLOWEST = 64 * 1024
_DESCRIPTORS = Path("/dev/fd")


@dataclass(frozen=True)
class _Sending:
    client: str
    size: int
    ends_at: float


class Outgoing:
    """The large answers on their way. bytes: that they have, all together."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._under_way: dict[str, _Sending] = {}
        self._watch: Task[None] | None = None
        self._looked_at = 0.0
        self.bytes = 0

    def fits(self, client: str, size: int) -> bool:
        """Whether one more answer of this size may go to this client, perhaps once what has gone is seen."""
        if self._has_room(client, size):
            return True
        if asyncio.get_running_loop().time() >= self._looked_at + _SOONEST:
            self._look()
        return self._has_room(client, size)

    def _has_room(self, client: str, size: int) -> bool:
        theirs = sum(one.size for one in self._under_way.values() if one.client == client)
        return self.bytes + size <= self._most and theirs + size <= self._most // 2

    def note(self, peer: str, client: str, size: int) -> None:
        """An answer begins to go to the address ``peer``, over a connection that is closed after it."""
        if not _DESCRIPTORS.exists():
            return
        loop = asyncio.get_running_loop()
        self._forget(peer)
        self._under_way[peer] = _Sending(client, size, loop.time() + _GRACE + size / _SLOWEST)
        self.bytes += size
        if self._watch is None or self._watch.done():
            self._watch = loop.create_task(self._look_on())

    async def _look_on(self) -> None:
        while self._under_way:
            await asyncio.sleep(_BETWEEN_LOOKS)
            self._look()

    def _look(self) -> None:
        """Forget the answers that have gone, and end the connections of those that are not taken in."""
        now = self._looked_at = asyncio.get_running_loop().time()
        late = {peer for peer, one in self._under_way.items() if now > one.ends_at}
        for peer in self._under_way.keys() - set(_connected(late)):
            self._forget(peer)

    def _forget(self, peer: str) -> None:
        one = self._under_way.pop(peer, None)
        self.bytes -= one.size if one else 0


def _connected(to_end: set[str]) -> Iterator[str]:
    """The addresses that this process has connections to; those in ``to_end`` are cut off."""
    for name in [found.name for found in _DESCRIPTORS.iterdir()]:
        with suppress(OSError):  # it may have been closed since
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as connection:
                place = connection.getpeername()
                peer = f"{place[0]}:{place[1]}" if isinstance(place, tuple) else ""
                if peer in to_end:
                    connection.shutdown(socket.SHUT_RDWR)
                yield peer


def peer_of(client: str) -> str:
    """The address of a connection, as the server below tells it, without the brackets of IPv6."""
    return client.replace("[", "").replace("]", "")
