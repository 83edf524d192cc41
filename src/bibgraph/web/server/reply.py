"""A reply as it is sent, and the bytes that it is sent as."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TypeAlias

PLAIN = ("content-type", "text/plain; charset=utf-8")
_REMEMBERED = 32
_MEMORABLE = 4000
"""Characters of headers that are remembered: an address stands in some of them several times."""
_STATUSES = frozenset(HTTPStatus)
_KEPT = b"connection: keep-alive\r\n"
WITHOUT_CONTENT = (204, 304)
"""Statuses of replies that end with their headers."""


Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Reply:
    """An answer as it is sent: status, headers in order, body.

    etag: its strong tag as its header says it, which stands in no other place; empty for none. lasting:
    whether it may be kept for others. varies: its Vary says already that it may be packed.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    etag: str = ""
    lasting: bool = True
    varies: bool = False
    _head: bytes = field(default=b"", init=False, repr=False, compare=False)

    def header(self, name: str) -> str:
        """The value of a header, by its name in lower case; empty if it is not there."""
        for key, value in self.headers:
            if key == name or key.lower() == name:
                return value
        return ""

    def put(self, name: str, value: str) -> None:
        """Set a header that may be there once."""
        lower = name.lower()
        self.headers = (*(pair for pair in self.headers if pair[0].lower() != lower), (name, value))

    def head(self, *, kept: bool, version: str = "1.1") -> bytes:
        """Status line and headers (RFC 9112), with the length of the body and the date.

        kept: whether the connection goes on. version: of HTTP, as the request has it. Raises ValueError for a
        header with a line end in it. Once the head has been made, the reply is not to be changed.
        """
        if not self._head:
            tag = f"etag: {self.etag}\r\n" if self.etag else ""
            if not tag.count("\r") == tag.count("\n") == bool(tag):
                raise ValueError(f"a line ends in a tag: {self.etag}")
            length = f"content-length: {len(self.body)}\r\n" if self.status not in WITHOUT_CONTENT else ""
            memorable = sum(len(value) for _, value in self.headers) <= _MEMORABLE
            beginning = (_remembered if memorable else _beginning)(self.status, self.headers)
            self._head = f"{beginning}{tag}{length}".encode()
        goes_on = b"connection: close\r\n" if not kept else _KEPT if version == "1.0" else b""
        return b"%b%b%b\r\n" % (self._head, _date(int(time.time())), goes_on)


def _beginning(status: int, headers: Headers) -> str:
    """Status line and headers."""
    text = "".join(f"{name}: {value}\r\n" for name, value in headers)
    if not len(headers) == text.count("\r") == text.count("\n"):
        raise ValueError(f"a line ends in a header: {headers}")
    phrase = HTTPStatus(status).phrase if status in _STATUSES else ""
    return f"HTTP/1.1 {status} {phrase}\r\n{text}"


_remembered = lru_cache(maxsize=_REMEMBERED)(_beginning)  # they are nearly always the same


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n".encode()
