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
from bibgraph.web.server.request import Request

_METHOD = re.compile(rb"[A-Z]+ ")
NOTHING, HEAD, BODY = "", "head", "body"
"""Parts of a request that may be unfinished."""


class Reader:
    """Reads requests that come from ``peer`` at ``server``.

    requests: those that have been read. ended: no more can be read. expects: whether the client waits to be
    told that it may send a body.
    """

    def __init__(self, peer: str, server: tuple[str, str], limits: Limits) -> None:
        self.requests: deque[Request] = deque()
        self.ended = False
        self.expects = False
        self._peer = peer
        self._server = server
        self._limits = limits
        self._parser: HttpRequestParser | None = HttpRequestParser(self)
        self._request: Request | None = None
        self._target = b""
        self._pieces: list[bytes] = []
        self._size = self._headers = 0
        self._in_body = self._upgrading = self._staying = False

    @property
    def unfinished(self) -> str:
        """Which part of a request has been read in part: ``HEAD``, ``BODY`` or ``NOTHING``."""
        return NOTHING if self._request is None else BODY if self._in_body else HEAD

    def feed(self, data: bytes) -> None:
        """Read on."""
        if self.ended or self._parser is None:
            return
        begins = len(self.requests) if self._request is None else -1
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as error:
            self._stay(data[error.args[0] :])
        except HttpParserCallbackError:
            raise
        except HttpParserInvalidMethodError:
            known = begins != len(self.requests) or not _METHOD.match(data)
            self.refuse(intake.unreadable() if known else intake.unknown_method())
        except HttpParserError:
            self.refuse(self._too_large(len(data)) or intake.unreadable())
        request = self._request
        if request is not None:
            fault = request.fault or self._too_large(len(data))
            if fault is not None:
                self.refuse(fault)

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

    def _too_large(self, size: int) -> BibgraphError | None:
        """What is wrong with a head of which ``size`` more bytes have been read."""
        if self._in_body or self._size + size <= intake.LARGEST_HEAD:
            self._size += 0 if self._in_body else size
            return None
        return intake.head_too_large(self._target)

    def _come_out(self, request: Request) -> None:
        self._request, self.expects = None, False
        request.kept = request.kept and request.fault is None
        self.ended = self.ended or not request.kept
        self.requests.append(request)

    def _stay(self, rest: bytes) -> None:
        """Read a body that the parser has left alone, as the client would speak another protocol after it.

        That is not done here, and so the request is to be answered as if it had not asked (RFC 9110, section
        7.8). A new parser is told of the body, and no more.
        """
        request = self._request
        if request is None:
            return
        if request.method == "CONNECT":
            self.refuse(intake.unreadable())
            return
        self._parser = HttpRequestParser(self)
        self._upgrading, self._staying = False, True
        self._parser.feed_data(intake.without_upgrade(request))
        self._staying = False
        self.feed(rest)

    # Called by the parser

    def on_message_begin(self) -> None:
        """A request begins."""
        if not (self.ended or self._staying):
            self._request = Request(self._peer, self._server)
            self._target, self._pieces, self._size, self._headers, self._in_body = b"", [], 0, 0, False

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
        self._in_body, self._size = True, 0
        self._upgrading = parser.should_upgrade()
        request.http_version = parser.get_http_version()
        intake.look_at_head(request, self._target, self._limits)
        self.expects = intake.expects(request)

    def on_body(self, piece: bytes) -> None:
        """A part of its body."""
        request = self._request
        if request is None or request.fault is not None:
            return
        self.expects = False
        self._size += len(piece)
        if self._size > self._limits.request_bytes:
            request.fault = intake.body_too_large(self._limits)
            self._pieces = []
        else:
            self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """The whole request has been read."""
        request, parser = self._request, self._parser
        if request is not None and parser is not None and not self._upgrading:
            request.kept = parser.should_keep_alive()
            request.body = b"".join(self._pieces)
            self._come_out(request)
