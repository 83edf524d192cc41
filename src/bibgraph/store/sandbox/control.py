"""The line to a zygote: what it is told, and its replies, in the same order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from asyncio import Future, TimerHandle
from collections import deque
from collections.abc import Callable

from bibgraph.store.sandbox.workers import lost

PATIENCE = 20
"""Seconds after which a zygote that says nothing, but should, counts as lost; a fork takes milliseconds."""
FORKED = "F "
_TICK = 1.0
_PIECE = 65536
_MOST_PIPES = 128
_MOST_TOLD = 64
"""Lines that may wait for a reply: a socket holds some 250 of them, however short they are."""


class Control:
    """Our end of the control socket of a zygote (see there).

    works: tells whether the zygote has done anything since it was last asked; while the data are loaded that
    is all that is known of it. hung: called when it has been silent for too long.
    """

    def __init__(self, ours: socket.socket, works: Callable[[], bool], hung: Callable[[], None]) -> None:
        ours.setblocking(False)  # noqa: FBT003  # as sockets have it
        self._socket: socket.socket | None = ours
        self._works = works
        self._hung = hung
        self._room = asyncio.Semaphore(_MOST_TOLD)
        self._replies: deque[Future[str]] = deque()
        self._pipes: deque[int] = deque()
        self._held = b""
        self._loaded = False
        self._silent = 0
        self._timer: TimerHandle | None = None

    async def ready(self) -> str:
        """What it says once it has loaded the data: ``R`` and their version, or ``X`` and an error."""
        if self._socket is None:
            raise lost()
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._read)
        said = await self._reply()
        self._loaded = True
        return said

    async def tell(self, line: str) -> str:
        """The reply to this line; to ``F``, with the numbers of the worker's pipes. Raises Unavailable."""
        async with self._room:
            if self._socket is None:
                raise lost()
            try:
                self._socket.sendall(f"{line}\n".encode())
            except OSError as error:
                self.cut()
                raise lost() from error
            return await self._reply()

    def cut(self) -> None:
        """Let go of it. Whoever waits for a reply is told that it is lost."""
        ours, self._socket = self._socket, None
        if ours is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        with contextlib.suppress(RuntimeError):  # the loop may have ended
            asyncio.get_running_loop().remove_reader(ours.fileno())
        ours.close()
        while self._pipes:
            os.close(self._pipes.popleft())
        while self._replies:
            reply = self._replies.popleft()
            if not reply.done():
                reply.set_exception(lost())

    async def _reply(self) -> str:
        loop = asyncio.get_running_loop()
        reply: Future[str] = loop.create_future()
        self._replies.append(reply)
        if self._timer is None:
            self._silent = 0
            self._timer = loop.call_later(_TICK, self._tick)
        try:
            return await reply
        except asyncio.CancelledError:
            if reply.done() and not reply.cancelled() and not reply.exception():
                _let_go(reply.result())
            raise

    def _tick(self) -> None:
        """Count the seconds of silence. Those in which this process itself stood still count as one."""
        self._timer = None
        self._read()
        if not self._replies:
            return
        self._silent = 0 if not self._loaded and self._works() else self._silent + 1
        if self._silent >= PATIENCE:
            self._hung()
            self.cut()
        else:
            self._timer = asyncio.get_running_loop().call_later(_TICK, self._tick)

    def _read(self) -> None:
        """Take the zygote's replies, in the order of what it was told."""
        if self._socket is None:
            return
        try:
            data, pipes, _, _ = socket.recv_fds(self._socket, _PIECE, _MOST_PIPES)
        except BlockingIOError:
            return
        except OSError:
            data, pipes = b"", []
        self._pipes.extend(pipes)
        self._silent = 0
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            if not self._take(line.decode()):
                data = b""
                break
        if not data:
            self.cut()

    def _take(self, said: str) -> bool:
        """Whether a reply could be handed on: pipes are missing if this process has no room for more."""
        if said.startswith(FORKED):
            if len(self._pipes) < 2:  # noqa: PLR2004  # one for each direction
                return False
            said = f"{said} {self._pipes.popleft()} {self._pipes.popleft()}"
        reply = self._replies.popleft()
        if reply.done():
            _let_go(said)
        else:
            reply.set_result(said)
        return True


def _let_go(said: str) -> None:
    """Close the pipes in a reply that nobody waits for any more; the worker ends with them."""
    if said.startswith(FORKED):
        for pipe in said.split(" ")[2:]:
            os.close(int(pipe))
