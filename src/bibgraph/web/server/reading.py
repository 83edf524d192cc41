"""Requests read from bytes as they come (RFC 9112).

The parser is llhttp, which is strict: what two readers could take for two things is refused. Whatever is
wrong with a request, it comes out with its fault, and nothing is read after it.
"""

from __future__ import annotations

import re
from collections import deque

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserInvalidMethodError,
    HttpParserUpgrade,
    HttpRequestParser,
)

from bibgraph.errors import BibgraphError
from bibgraph.limits import Limits
from bibgraph.web.server import intake
from bibgraph.web.server.ends import end_of
from bibgraph.web.server.request import Headers, Request
from bibgraph.web.server.shares import Body

_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LONGEST_METHOD = 64
"""Bytes of a method that the parser does not know which are waited for; it knows none that is as long."""
_OF_RTSP = frozenset(
    (
        *(b"DESCRIBE", b"ANNOUNCE", b"SETUP", b"PLAY", b"PAUSE", b"TEARDOWN"),
        *(b"GET_PARAMETER", b"SET_PARAMETER", b"REDIRECT", b"RECORD", b"FLUSH"),
    )
)
"""Methods that the parser knows, though not in HTTP."""
_PLAIN_LINE = re.compile(rb"GET (/[A-Za-z0-9!$%&'()*+,./:;=?@_~-]*) HTTP/1\.1\r\n")
"""A request line that may be no other thing to any reader; its target."""
_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_REMEMBERED = 2048
_MOST_BLANK = 1024
"""Bytes of empty lines before a request, which are passed over (RFC 9112, section 2.2)."""
_MOST_CHUNKS = 10_000
"""Chunks of a body, besides one for each ``_CHUNK`` bytes: each of them takes time, however small it is."""
_CHUNK = 64
_NOT_ALONE = frozenset(("content-length", "transfer-encoding", "upgrade", "expect"))
"""Headers of requests that the next bytes may still belong to."""
NOTHING, HEAD, BODY = "", "head", "body"
"""Parts of a request that may be unfinished."""


class Reader:
    """Reads requests that come from ``peer`` at ``server``.

    room: for the body that is coming in. requests: those that have been read. ended: no more can be read.
    expects: whether the client waits to be told that it may send a body.
    """

    def __init__(self, peer: str, server: tuple[str, str], limits: Limits, room: Body) -> None:
        self.requests: deque[Request] = deque()
        self.ended = False
        self.expects = False
        self._peer = peer
        self._server = server
        self._limits = limits
        self._room = room
        self._parser: HttpRequestParser | None = self._new_parser()
        self._request: Request | None = None
        self._target = b""
        self._body = bytearray()
        self._passed = self._headers = self._blank = self._chunks = 0
        self._moved = self._in_body = self._upgrading = self._staying = False
        self._start: bytes | None = None
        self._naming = self._unknown = False
        self._lines_before = b""
        self._headers_before = Headers()

    @property
    def unfinished(self) -> str:
        """Which part of a request has been read in part: ``HEAD``, ``BODY`` or ``NOTHING``."""
        return NOTHING if self._request is None else BODY if self._in_body else HEAD

    def feed(self, data: bytes) -> None:
        """Read on."""
        if self.ended or self._parser is None:
            return
        begins = len(self.requests) if self._request is None else -1
        if begins >= 0 and self._is_as_before(data):
            return
        if self._naming:
            self._read_unknown(data, begins)
            return
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as error:
            self._stay(data[error.args[0] :])
            return
        except HttpParserCallbackError:
            raise
        except HttpParserInvalidMethodError:
            self._read_unknown(data, begins)
            return
        except HttpParserError:
            of_rtsp = not self._in_body and self._parser.get_method() in _OF_RTSP
            if of_rtsp and begins >= 0:
                self._read_unknown(data, begins)
                return
            unreadable = intake.unknown_method() if of_rtsp else intake.unreadable()
            self.refuse(self._too_large(len(data)) or unreadable)
        self._look_at(data, begins)

    def _look_at(self, data: bytes, begins: int) -> None:
        """Look at what came of ``data``. begins: how many requests there were before; -1 amid one."""
        request = self._request
        if request is not None:
            fault = request.fault or self._too_large(len(data))
            if fault is not None:
                self.refuse(fault)
            elif not self._target:
                self._start = self._begun(data, begins)[:_LONGEST_METHOD]
        elif begins >= 0 and len(self.requests) == begins + 1:
            self._remember(data)
        elif len(self.requests) == begins:
            self._blank += len(data)
            if self._blank > _MOST_BLANK:
                self.refuse(intake.unreadable())

    def _begun(self, data: bytes, begins: int) -> bytes:
        """What has come of a request, up to its target; empty if it does not show where it begins."""
        if self._start is not None:
            return self._start + data
        return data[end_of(data, len(self.requests) - begins) :].lstrip(b"\r\n") if begins >= 0 else b""

    def _read_unknown(self, data: bytes, begins: int) -> None:
        """Read a request by a method that the parser does not know, as if it were GET.

        It comes out as refused; how that is to be said stands in its headers.
        """
        data = self._begun(data, begins)
        method = _METHOD.match(data)
        end = method.end() if method else 0
        self._naming = 0 < end == len(data) <= _LONGEST_METHOD
        if self._naming:
            self._start = data
        elif end > _LONGEST_METHOD:
            self.refuse(intake.unknown_method())
        elif not end or not data.startswith(b" ", end):
            self.refuse(intake.unreadable())
        else:
            self._parser, self._unknown = self._new_parser(), True
            self.feed(b"GET" + data[end:])

    def _is_as_before(self, data: bytes) -> bool:
        """Read a request of which all but its target is, byte for byte, what was read before.

        Most clients send the same headers over a connection again and again, and reading them is a good part
        of all that is done for a request whose answer is kept.
        """
        if not (self._lines_before and data.endswith(self._lines_before)):
            return False
        line = _PLAIN_LINE.fullmatch(data, 0, len(data) - len(self._lines_before))
        if line is None:
            return False
        request = Request(self._peer, self._server, headers=self._headers_before)
        intake.look_at_head(request, line[1], self._limits)
        self._come_out(request)
        return True

    def _remember(self, data: bytes) -> None:
        """Remember the headers of a request that has just been read, if it was all of ``data``."""
        line, request = _PLAIN_LINE.match(data), self.requests[-1]
        if line is None or not request.kept or not _NOT_ALONE.isdisjoint(request.headers.keys()):
            return
        lines = data[line.end() :]
        if len(lines) <= _LONGEST_REMEMBERED and lines.find(_END_OF_HEAD) == len(lines) - len(_END_OF_HEAD):
            self._lines_before, self._headers_before = lines, request.headers

    def refuse(self, fault: BibgraphError) -> None:
        """The request that is being read comes out as it is, with this fault, and nothing after it."""
        if not self.ended:
            request = self._request or Request(self._peer, self._server)
            request.fault = request.fault or fault
            self._come_out(request)

    def close(self) -> None:
        """Read nothing more."""
        self.ended = True
        self._parser = None  # which leads back here
        self._room.end()

    def _too_large(self, size: int) -> BibgraphError | None:
        """What is wrong with a head, or with what stands between and after the pieces of a body.

        size: of what has been read now.
        """
        self._passed, self._moved = 0 if self._moved else self._passed + size, False
        if self._passed <= intake.LARGEST_HEAD:
            return None
        return intake.unreadable() if self._in_body else intake.head_too_large(self._target)

    def _come_out(self, request: Request) -> None:
        self._request, self._body, self.expects, self._blank = None, bytearray(), False, 0
        self._room.end()
        request.kept = request.kept and request.fault is None
        self.ended = self.ended or not request.kept
        self.requests.append(request)

    def _new_parser(self) -> HttpRequestParser:
        parser = HttpRequestParser(self)
        parser.set_dangerous_leniencies(lenient_version=True)  # versions are looked at with the head
        return parser

    def _stay(self, rest: bytes) -> None:
        """Read a body that the parser has left alone, as the client would speak another protocol after it.

        That is not done here, and so the request is to be answered as if it had not asked (RFC 9110, section
        7.8). A new parser is told of the body, and no more.
        """
        request = self._request
        if request is None:
            return
        if request.method == "CONNECT":
            self.refuse(intake.unknown_method())
            return
        self._parser = self._new_parser()
        self._upgrading, self._staying = False, True
        self._parser.feed_data(intake.without_upgrade(request))
        self._staying = False
        self.feed(rest)

    # Called by the parser

    def on_message_begin(self) -> None:
        """A request begins."""
        if not (self.ended or self._staying):
            self._request = Request(self._peer, self._server)
            self._target, self._passed, self._headers, self._in_body, self._moved = b"", 0, 0, False, False
            self._chunks, self._start = 0, None

    def on_url(self, piece: bytes) -> None:
        """A part of its target."""
        if self._request is not None and self._parser is not None and not self._staying:
            if not self._target:
                self._request.method = self._parser.get_method().decode("ascii")
            self._target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; after the head, a trailer, which says nothing to us."""
        request = self._request
        if request is None or self._in_body:
            return
        self._headers += 1
        if self._headers > intake.MOST_HEADERS:
            request.fault = request.fault or intake.head_too_large(self._target)
        else:
            request.headers.add(name, value)

    def on_headers_complete(self) -> None:
        """The whole head has been read."""
        request, parser = self._request, self._parser
        if request is None or parser is None or self._staying:
            return
        self._in_body = self._moved = True
        self._upgrading = parser.should_upgrade()
        request.http_version = intake.read_as(parser.get_http_version())
        if self._unknown or request.method == "CONNECT":
            request.fault = request.fault or intake.unknown_method()
        else:
            intake.look_at_head(request, self._target, self._limits)
        self.expects = intake.expects(request)

    def on_body(self, piece: bytes) -> None:
        """A part of its body."""
        request = self._request
        if request is None or request.fault is not None:
            return
        self.expects, self._moved = False, True
        self._body += piece
        if len(self._body) > self._limits.request_bytes:
            request.fault = intake.body_too_large(self._limits)
        elif not self._room.grow(len(self._body)):
            request.fault = intake.too_many_bodies(self._room.shares.most)
        if request.fault is not None:
            self._body.clear()

    def on_chunk_header(self) -> None:
        """A chunk of its body begins."""
        self._chunks += 1
        if self._request is not None and self._chunks > _MOST_CHUNKS + len(self._body) // _CHUNK:
            self._request.fault = self._request.fault or intake.unreadable()

    def on_message_complete(self) -> None:
        """The whole request has been read."""
        request, parser = self._request, self._parser
        if request is not None and parser is not None and not self._upgrading:
            request.kept = parser.should_keep_alive()
            request.body = bytes(self._body)
            self._come_out(request)
