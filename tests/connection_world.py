"""A connection without a network: a transport that notes what is done to it, and time that stands still."""

from __future__ import annotations

import asyncio
import functools
import gc
from asyncio import Future
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import ParamSpec

from bibgraph.limits import Limits
from bibgraph.web.server.connection import Connection
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Request
from bibgraph.web.server.shares import ANSWERS, Shares, for_bodies

LIMITS = Limits(query_bytes=100)
PEER = "192.0.2.7"
P = ParamSpec("P")


def get(path: str, *fields: str) -> bytes:
    """A request by GET."""
    return head(f"GET {path} HTTP/1.1", "Host: a", *fields)


def post(path: str, body: bytes, *fields: str) -> bytes:
    """A request by POST."""
    return head(f"POST {path} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}", *fields) + body


def head(*lines: str) -> bytes:
    """A request line and headers."""
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def played(play: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """A test that is played on a plain loop of asyncio whose clock stands still.

    After it all connections are lost, in whatever state: nothing may be left of them, nor fail unseen.
    """

    @functools.wraps(play)
    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        unseen: list[dict[str, object]] = []

        async def run() -> None:
            loop = asyncio.get_running_loop()
            now = loop.time()
            loop.time = lambda: now  # type: ignore[method-assign]  # of this loop, which is thrown away
            loop.set_exception_handler(lambda _, context: unseen.append(context))
            await play(*args, **kwargs)
            for scene in SCENES:
                scene.line.abort()
                await ticks()
                assert scene.gone
                assert (scene.outgoing.bytes, dict(scene.outgoing._held)) == (0, {}), (
                    "more is held than there is"
                )
            assert asyncio.all_tasks() == {asyncio.current_task()}, "work goes on for those who have left"

        SCENES.clear()
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(run())
            SCENES.clear()
            gc.collect(1)
        assert not unseen, unseen

    return test


async def ticks(count: int = 5) -> None:
    """Let the loop do what is due."""
    left = count
    while left:
        await asyncio.sleep(0)
        connections = (vars(scene).get("connection") for scene in SCENES)
        left = count if any(one and one._turn is not None for one in connections) else left - 1


class Line(asyncio.Transport):
    """A transport as the loops have it. written: what its other end has taken in; full: takes in no more.

    late: what was written after it was closed, which goes nowhere.
    """

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__({"peername": (PEER, 5)})
        self.protocol: asyncio.Protocol | None = protocol
        self.written: list[bytes] = []
        self.late: list[bytes] = []
        self.waiting: list[bytes] = []
        self.full = self.closing = self.aborted = self.ended = self.lost = False
        self.reading = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take in, or let wait."""
        assert not self.ended, "written after the end"
        if self.closing:
            self.late.append(bytes(data))
        elif not self.full:
            self.written.append(bytes(data))
        else:
            self.waiting.append(bytes(data))
            if len(self.waiting) == 1:
                assert self.protocol
                self.protocol.pause_writing()

    def drain(self) -> None:
        """The other end takes in all that waits for it."""
        self.full = False
        self.written += self.waiting
        waited, self.waiting = bool(self.waiting), []
        if waited and self.protocol:
            self.protocol.resume_writing()
        if self.closing:
            self._lose()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """All that waits is told of."""
        assert (high, low) == (0, None)

    def write_eof(self) -> None:
        """Nothing is written after this."""
        self.ended = True

    def pause_reading(self) -> None:
        """Let nothing in."""
        self.reading = False

    def resume_reading(self) -> None:
        """Let it in again."""
        self.reading = True

    def is_reading(self) -> bool:
        """Whether anything is let in."""
        return self.reading

    def is_closing(self) -> bool:
        """Whether it has been closed."""
        return self.closing

    def close(self) -> None:
        """End it after what waits."""
        if not self.closing:
            self.closing, self.reading = True, False
            if not self.waiting:
                self._lose()

    def abort(self) -> None:
        """End it now."""
        self.closing, self.aborted, self.reading, self.waiting = True, True, False, []
        self._lose()

    def _lose(self) -> None:
        if not self.lost:
            self.lost = True
            asyncio.get_running_loop().call_soon(self._tell, None)

    def _tell(self, reason: Exception | None) -> None:
        protocol, self.protocol = self.protocol, None
        assert protocol
        protocol.connection_lost(reason)

    @property
    def replies(self) -> list[str]:
        """The bodies of the replies that have been taken in; of one without a body, its status."""
        found, rest = [], b"".join(self.written)
        while rest:
            lines, _, rest = rest.partition(b"\r\n\r\n")
            status, *fields = lines.decode().split("\r\n")
            length = next((int(one[16:]) for one in fields if one.startswith("content-length: ")), 0)
            found.append(rest[:length].decode() or status.split()[1])
            rest = rest[length:]
        return found


@dataclass
class Desk:
    """Answers by the path: ``/now…`` at once, ``/wait…`` when it is let, what begins otherwise soon.

    Each answer is the path, or the kind of the fault, and as many bytes more as ``sizes`` says. begun,
    cancelled, at_hand: what has been asked of it.
    """

    begun: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    at_hand: list[str] = field(default_factory=list)
    waiting: dict[str, Future[None]] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)

    def at_once(self, request: Request) -> Reply | None:
        """See ``connection.Handler``."""
        if request.fault is not None or not request.path.startswith("/now"):
            return None
        self.at_hand.append(request.path)
        return self._reply(request)

    async def reply(self, request: Request) -> Reply:
        """See ``connection.Handler``."""
        self.begun.append(request.path)
        self.bodies.append(request.body)
        if request.path.startswith("/wait") and request.fault is None:
            self.waiting[request.path] = asyncio.get_running_loop().create_future()
            try:
                await self.waiting[request.path]
            except asyncio.CancelledError:
                self.cancelled.append(request.path)
                raise
        return self._reply(request)

    async def let(self, path: str) -> None:
        """Let an answer come."""
        self.waiting[path].set_result(None)
        await ticks()

    def _reply(self, request: Request) -> Reply:
        if request.fault is not None:
            return Reply(400, (), getattr(request.fault, "limit", type(request.fault).__name__).encode())
        return self.replies.get(request.path) or Reply(200, (), request.path.encode())


class Scene:
    """A connection, both ends of it, and the place where it has come in."""

    def __init__(self) -> None:
        self.server, self.limits, self.outgoing = ("a", "80"), LIMITS, Shares(ANSWERS)
        self.incoming = for_bodies(LIMITS.request_bytes)
        self.places: list[Connection] = []
        self.desk = Desk()
        self.connection = Connection(self.desk, self)
        self.line = Line(self.connection)
        self.connection.connection_made(self.line)
        SCENES.append(self)

    def opened(self, connection: Connection) -> None:
        """See ``connection.Place``."""
        self.places.append(connection)

    def closed(self, connection: Connection) -> None:
        """See ``connection.Place``."""
        self.places.remove(connection)

    async def send(self, *pieces: bytes) -> None:
        """The client sends this, and all is done that can be done."""
        for piece in pieces:
            self.connection.data_received(piece)
        await ticks()

    async def end(self) -> None:
        """The client sends no more."""
        if not self.connection.eof_received():
            self.line.close()
        await ticks()

    async def later(self, seconds: float) -> None:
        """So much time passes."""
        loop = asyncio.get_running_loop()
        now = loop.time() + seconds
        loop.time = lambda: now  # type: ignore[method-assign]  # as it stands still in ``played``
        await ticks()

    async def expire(self) -> None:
        """The time of the connection comes."""
        self.connection.expire()
        await ticks()

    @property
    def left(self) -> float:
        """Seconds until the connection is to be ended."""
        return self.connection.until - asyncio.get_running_loop().time()

    @property
    def gone(self) -> bool:
        """Whether the connection has ended, and the place knows."""
        assert self.line.lost is (not self.places)
        return self.line.lost


SCENES: list[Scene] = []
"""Those of the test that is played."""
