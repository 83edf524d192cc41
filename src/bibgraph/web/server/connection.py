"""One connection: what is read from it, and the replies that are sent over it, one after another.

Everything is bounded: the time for each part of a request, what is held of further requests while one is
answered, and what is held of a reply until it has been taken in.
"""

from __future__ import annotations

import asyncio
import logging
import math
from asyncio import Handle, Task, TimerHandle
from typing import Protocol, cast

from bibgraph.limits import Limits
from bibgraph.web.server import intake
from bibgraph.web.server.clients import network
from bibgraph.web.server.leaving import has_left
from bibgraph.web.server.reading import BODY, HEAD, NOTHING, Reader
from bibgraph.web.server.reply import WITHOUT_CONTENT, Reply
from bibgraph.web.server.request import Request
from bibgraph.web.server.shares import Body, Shares

_IDLE = 75.0
"""Seconds that a connection is kept on which nothing is asked."""
_SECONDS = {NOTHING: _IDLE, HEAD: intake.SECONDS_FOR_HEAD, BODY: intake.SECONDS_FOR_BODY}
_ANSWERED = "answered"
_FOR_REPLY = 20.0
_SLOWEST = 64 * 1024
"""Bytes in a second by which a reply must be taken in, besides those seconds."""
_LINGERING = 2.0
"""Seconds in which a client that is refused may send on, so that it comes to read why."""
_LEAVING = 0.5
"""Seconds in which who sends no more is still answered: it may have said all, or have left."""
_MOST_IGNORED = 16 * 1024 * 1024
_MOST_HELD = 64 * 1024
_PIECE = 4096
"""Bytes that are read at a time: of requests that come in one go not many are to be held."""
_AT_A_TIME = 8
"""Pieces read, or requests answered whose reply is there, before others have their turn."""
_JOINED = 64 * 1024
"""Bytes from which a body is not copied beside its head."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LOG = logging.getLogger(__name__)


class Handler(Protocol):
    """What answers requests."""

    def at_once(self, request: Request) -> Reply | None:
        """The reply, if it is there already."""

    async def reply(self, request: Request) -> Reply:
        """The reply. It is cancelled when the client leaves, and raises nothing else."""


class Place(Protocol):
    """Where connections come in. server: host and port. outgoing, incoming: replies, bodies on their way."""

    server: tuple[str, str]
    limits: Limits
    outgoing: Shares
    incoming: Shares

    def opened(self, connection: Connection) -> None:
        """One has come in."""

    def closed(self, connection: Connection) -> None:
        """One has ended."""


class Connection(asyncio.Protocol):
    """A connection. client: who is at its other end. until: when it is to be ended, by the loop's clock."""

    _reader: Reader
    _transport: asyncio.Transport

    def __init__(self, handler: Handler, place: Place) -> None:
        self._handler = handler
        self._place = place
        self._loop = asyncio.get_running_loop()
        self._task: Task[None] | None = None
        self._leaving: TimerHandle | None = None
        self._turn: Handle | None = None
        self._held = b""
        self._unsent: tuple[str, int] | None = None
        self._unfinished = NOTHING
        self._finishing = self._lingering = self._sent_all = self._left = False
        self.client, self._ignored = "", 0
        self.until = self._loop.time() + intake.SECONDS_FOR_HEAD

    @property
    def idle(self) -> bool:
        """Whether nothing has been asked that is to be answered yet."""
        return not (self._busy or self.receiving)

    @property
    def receiving(self) -> bool:
        """Whether a body is coming in."""
        return not self._busy and self._reader.unfinished == BODY

    @property
    def _busy(self) -> bool:
        return self._task is not None or self._unsent is not None or self._turn is not None

    def finish(self) -> None:
        """Take in no more requests, and end after the one that is being answered."""
        self._finishing = True
        if self.idle:
            self._transport.close()

    def give_way(self) -> None:
        """End, unless a request is being answered: others need the place."""
        if self.receiving:
            self._reader.refuse(intake.crowded())
            self._go_on()
        else:
            self.finish()

    def look(self) -> None:
        """End it if its client had left at the last look too, while so much is held that none is read."""
        left = self._task is not None and len(self._held) > _MOST_HELD and has_left(self._transport)
        if left and self._left:
            self._transport.abort()
        self._left = left

    def expire(self) -> None:
        """End it, since its time has come."""
        if self._lingering or self._unsent is not None or self._transport.is_closing():
            self._transport.abort()
        elif unfinished := self._reader.unfinished:
            self._reader.refuse(intake.too_slow(head=unfinished == HEAD))
            self._go_on()
        else:
            self._transport.close()

    # Called by the loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See ``asyncio.Protocol``."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)
        peer = transport.get_extra_info("peername") or ("",)  # it may have gone again
        self.client = network(str(peer[0]))
        body = Body(self._place.incoming, self.client)
        self._reader = Reader(str(peer[0]), self._place.server, self._place.limits, body)
        self._place.opened(self)

    def data_received(self, data: bytes) -> None:
        """See ``asyncio.Protocol``."""
        if self._lingering:
            self._ignored += len(data)
            if self._ignored > _MOST_IGNORED:
                self._transport.abort()
        elif self._busy or len(data) > _PIECE:
            self._held += data
            if len(self._held) > _MOST_HELD:
                self._transport.pause_reading()
            self._go_on()
        else:
            self._reader.feed(data)
            self._go_on()

    def eof_received(self) -> bool:
        """See ``asyncio.Protocol``: the client sends no more, or is gone, which looks the same."""
        self._sent_all = True
        self._go_on()
        if self._busy:
            self._leaving = self._loop.call_later(_LEAVING, self._leave)
        return True

    def _leave(self) -> None:
        """End what has not come to an answer."""
        if self._task is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """See ``asyncio.Protocol``."""
        del exc
        self._note_sent()
        self._reader.close()
        self._place.closed(self)
        task, self._task = self._task, None  # which would lead back here
        if task is not None:
            task.cancel()
        for handle in (self._leaving, self._turn):
            if handle is not None:
                handle.cancel()

    def pause_writing(self) -> None:
        """See ``asyncio.Protocol``: some of a reply could not be sent yet."""
        self._unsent = ("", 0)

    def resume_writing(self) -> None:
        """See ``asyncio.Protocol``: all of it has been sent."""
        self._loop.call_soon(self._sent)  # in here a transport of asyncio cannot be closed

    def _sent(self) -> None:
        self._note_sent()
        if not self._transport.is_closing():
            self._go_on()

    # Answering

    def _go_on(self) -> None:
        """Answer what has been read, as far as that can be done without waiting, and read on."""
        reader, left = self._reader, _AT_A_TIME
        while not (self._busy or self._transport.is_closing()):
            left -= 1
            if left < 0 and (reader.requests or self._held):
                self._turn = self._loop.call_soon(self._take_turn)
            elif reader.requests:
                if self._finishing and reader.requests[0].fault is None:
                    reader.requests[0].kept = False
                self._answer(reader.requests.popleft())
            elif self._held and not reader.ended:
                data, self._held = self._held[:_PIECE], self._held[_PIECE:]
                if not self._held:
                    self._transport.resume_reading()
                reader.feed(data)
            else:
                self._wait()
                return

    def _take_turn(self) -> None:
        self._turn = None
        self._go_on()

    def _wait(self) -> None:
        """Let the client send on, for as long as it may take with what it has to send."""
        if self._sent_all and self._reader.unfinished == BODY:
            self._reader.refuse(intake.cut_off())
            self._go_on()
        elif self._sent_all or (self._finishing and not self._reader.unfinished):
            self._transport.close()
        elif not self._lingering and self._reader.unfinished != self._unfinished:
            self._unfinished = self._reader.unfinished
            self.until = self._loop.time() + _SECONDS[self._unfinished]
            if self._reader.expects:
                self._reader.expects = False
                self._transport.write(_CONTINUE)

    def _answer(self, request: Request) -> None:
        self._unfinished = _ANSWERED
        reply = self._handler.at_once(request)
        if reply is not None:
            self._send(request, reply)
            return
        self.until = math.inf
        self._task = self._loop.create_task(self._answer_later(request))

    async def _answer_later(self, request: Request) -> None:
        try:
            reply = await self._handler.reply(request)
            self._task = None
            self._send(request, reply)
            self._go_on()
        except Exception:  # noqa: BLE001  # a fault of ours must not leave the connection hanging
            _LOG.exception("a reply could not be sent")
            self._transport.abort()

    def _send(self, request: Request, reply: Reply) -> None:
        if self._transport.is_closing():
            return
        kept = request.kept and not self._finishing
        try:
            head = reply.head(kept=kept, version=request.http_version)
        except ValueError:
            _LOG.exception("a reply could not be sent")
            self._transport.abort()
            return
        if request.method == "HEAD" or reply.status in WITHOUT_CONTENT:
            self._transport.write(head)
        elif len(reply.body) < _JOINED:
            self._transport.write(head + reply.body)
        else:
            self._transport.writelines((head, reply.body))
        if self._unsent is not None:
            size = len(head) + len(reply.body)
            self._unsent = (request.client or request.peer, size)
            self._place.outgoing.begin(*self._unsent)
            self.until = self._loop.time() + _FOR_REPLY + size / _SLOWEST
        if request.fault is not None:
            self._linger()
        elif not kept:
            self._transport.close()

    def _linger(self) -> None:
        """Send no more, and ignore for a moment what comes: to end at once could take the reply back."""
        self._lingering, self._held = True, b""
        self._transport.resume_reading()
        self._transport.write_eof()
        if self._unsent is None:
            self.until = self._loop.time() + _LINGERING

    def _note_sent(self) -> None:
        unsent, self._unsent = self._unsent, None
        if unsent is not None and unsent[1]:
            self._place.outgoing.end(*unsent)
            self.until = self._loop.time() + (_LINGERING if self._lingering else _IDLE)
