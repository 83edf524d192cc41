"""HTTP with an end: a service that sends a byte now and then, for ever, is as late as one that sends none.

And what comes before the content is bounded as well, and says one length of it.

The time-out of a socket bounds the wait for the next piece. Here it is what is left of the time for the whole
answer, from the first header to the last byte. And it ends when nobody waits for it any more: see ``calls``.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Any
from urllib.request import AbstractHTTPHandler, HTTPHandler, HTTPSHandler, Request

from bibgraph.limits import show_size
from bibgraph.messages import message
from bibgraph.store import calls

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


_MOST_HEAD = 1024 * 1024
"""Bytes before the content: Virtuoso answers with a header for each graph that it was asked about."""


class Unreadable(ValueError):
    """What is no HTTP."""


class _Timely(io.RawIOBase):
    """The incoming side of a socket, until ``until`` by the monotonic clock.

    room: so many bytes may still come; without, any number.
    """

    def __init__(self, incoming: io.RawIOBase, sock: socket.socket, until: float) -> None:
        self._incoming, self._sock, self._until = incoming, sock, until
        self._call = calls.current()
        self._call.hold(sock)
        self.room: int | None = _MOST_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        size = self._incoming.readinto(buffer)
        if self.room is not None and size is not None:
            self.room -= size
            if self.room < 0:
                raise Unreadable(
                    message("more than {most} come before the content", most=show_size(_MOST_HEAD))
                )
        return size

    def close(self) -> None:
        self._call.let_go(self._sock)
        self._incoming.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, until: float, sock: socket.socket, **more: Any) -> None:  # noqa: ANN401  # as it takes
        super().__init__(sock, **more)
        self._incoming = _Timely(self.fp.detach(), sock, until)
        self.fp = io.BufferedReader(self._incoming)

    def begin(self) -> None:
        super().begin()
        self._incoming.room = None
        lengths = {
            one.strip() for told in self.headers.get_all("Content-Length", ()) for one in told.split(",")
        }
        if len(lengths) > 1 and not self.chunked:
            raise Unreadable(message("it says more than one length of the content"))


class _UntilThen(AbstractHTTPHandler):
    """Opens connections whose answers have an end."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def do_open(self, http_class: Callable[..., HTTPConnection], req: Request, **more: Any) -> HTTPResponse:  # noqa: ANN401
        def made(*given: Any, **named: Any) -> HTTPConnection:  # noqa: ANN401
            connection = http_class(*given, **named)
            connection.response_class = partial(_Answer, self._until)  # type: ignore[assignment]  # makes one, as the class does
            return connection

        return super().do_open(made, req, **more)


class _Http(_UntilThen, HTTPHandler):
    pass


class _Https(_UntilThen, HTTPSHandler):
    pass


def handlers(seconds: float) -> tuple[AbstractHTTPHandler, ...]:
    """For urllib's openers: whole answers within ``seconds`` from now, or TimeoutError."""
    until = time.monotonic() + seconds
    return _Http(until), _Https(until)
