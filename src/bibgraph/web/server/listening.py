"""All connections of the server: taken in at one socket, counted, and ended when their time has come."""

from __future__ import annotations

import asyncio
import math
import socket
from asyncio import TimerHandle
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator
from typing import Any

from bibgraph.errors import SettingsError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.web.server.connection import Connection, Handler
from bibgraph.web.server.intake import CONNECTIONS
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Request
from bibgraph.web.server.shares import Shares, for_bodies

_BACKLOG = 1024
_FILES_BESIDES = 200
_FILES_OF_WORKER = 4
"""Its two pipes, and those of the one that takes its place when new files are served."""
_SECONDS_UNTAKEN = 30
_BETWEEN_LOOKS = 0.5
_ENDED_AT_ONCE = 50
_BETWEEN_ENDS = 0.02
_TURNS = 5
"""Of the loop, after which it has told of all connections that it had taken in."""
_LAST_WORDS = 0.5
"""Seconds in which what is on its way over connections is still waited for as the server ends."""


class Listener:
    """Takes in connections at a socket that listens already, for ``handler`` to answer.

    See ``connection.Place`` for what it has. It is the ``connection.Handler`` of its connections itself, so
    that their clients learn that it ends.
    """

    def __init__(self, handler: Handler, limits: Limits, outgoing: Shares, heard: socket.socket) -> None:
        host, port = heard.getsockname()[:2]
        self.server = (str(host), str(port))
        self.limits = limits
        self.outgoing = outgoing
        self.incoming = for_bodies(limits.request_bytes)
        self._handler = handler
        self._heard = heard
        self._most = connections_beside(limits.workers)
        self._connections: set[Connection] = set()
        self._listening: asyncio.Server | None = None
        self._look: TimerHandle | None = None
        self._closing = False

    async def open(self) -> None:
        """Take in connections from now on."""
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # what comes in has it too: whoever takes nothing is cut off
            self._heard.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SECONDS_UNTAKEN * 1000)
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._connection, sock=self._heard, backlog=_BACKLOG)
        self._look = loop.call_later(_BETWEEN_LOOKS, self._look_around)

    async def close(self, grace: float) -> None:
        """Take in no more than has come, and end when all has been answered, or after so many seconds.

        What has been sent is answered, be it over connections that the system alone has taken in so far.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + grace
        self._closing = True
        self._finish(one for one in self._connections if not one.idle)
        await self._take_last()
        await self._until(min(ends, loop.time() + _LAST_WORDS))
        self._finish(self._connections)
        await self._until(ends)
        if self._look is not None:
            self._look.cancel()
        for connection in tuple(self._connections):
            connection.until = -math.inf
            connection.expire()

    def at_once(self, request: Request) -> Reply | None:
        """See ``connection.Handler``."""
        if self._closing:
            request.kept = False
        return self._handler.at_once(request)

    def reply(self, request: Request) -> Coroutine[Any, Any, Reply]:
        """See ``connection.Handler``."""
        return self._handler.reply(request)

    def opened(self, connection: Connection) -> None:
        """See ``connection.Place``."""
        self._connections.add(connection)
        if len(self._connections) > self._most and not self._closing:
            self._make_room(connection)

    def closed(self, connection: Connection) -> None:
        """See ``connection.Place``."""
        self._connections.discard(connection)

    def _connection(self) -> Connection:
        return Connection(self, self)

    def _finish(self, connections: Iterable[Connection]) -> None:
        for connection in tuple(connections):
            connection.finish()

    async def _take_last(self) -> None:
        """Take in the connections that wait for it, and listen no more."""
        if self._listening is None:
            return
        loop, waiting = asyncio.get_running_loop(), list(_waiting(self._heard))
        self._listening.close()
        taken = (loop.connect_accepted_socket(self._connection, one) for one in waiting)
        await asyncio.gather(*taken, return_exceptions=True)  # some have gone again
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def _until(self, ends: float) -> None:
        """Wait until no connection is left, or until then."""
        loop = asyncio.get_running_loop()
        while self._connections and loop.time() < ends:
            await asyncio.sleep(_BETWEEN_ENDS)

    def _make_room(self, newcomer: Connection) -> None:
        """End some on which nothing waits for an answer.

        First those of the client that has most, and of these those whose time ends first; what has begun to
        come in goes last.
        """
        held = Counter(one.client for one in self._connections)
        free = [one for one in self._connections if one is not newcomer and (one.idle or one.receiving)]
        free.sort(key=lambda one: (-held[one.client], one.receiving, one.until))
        for connection in free[:_ENDED_AT_ONCE] or [newcomer]:
            connection.give_way()

    def _look_around(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._look = loop.call_later(_BETWEEN_LOOKS, self._look_around)
        for connection in tuple(self._connections):
            loop.call_soon(connection.look)  # so that a failure of one keeps nothing else
            if connection.until <= now:
                loop.call_soon(connection.expire)


def _waiting(heard: socket.socket) -> Iterator[socket.socket]:
    """The connections in the queue of a socket that does not block."""
    for _ in range(_BACKLOG):
        try:
            yield heard.accept()[0]
        except ConnectionError:  # it has gone again
            continue
        except OSError:  # there is no more, or no room for more
            return


def connections_beside(workers: int) -> int:
    """How many connections may be open: fewer than CONNECTIONS where the system allows fewer open files.

    Raises SettingsError if so many workers leave no room for any.
    """
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return CONNECTIONS
    besides = _FILES_BESIDES + workers * _FILES_OF_WORKER
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + besides
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    if soft <= besides:
        raise SettingsError(
            message("{workers} workers leave no room for connections.", workers=workers),
            where="--limit workers",
            hint=message(
                "The system lets this program have {most} files open: ask for fewer workers, or raise that.",
                most=soft,
            ),
        )
    return min(CONNECTIONS, soft - besides)
