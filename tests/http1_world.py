"""HTTP/1.1 as bytes: requests just as they are written here, answers read as strictly as the RFCs are."""

from __future__ import annotations

import re
import socket
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeAlias
from urllib.parse import quote

from hostile.client import Client

ACCEPT = "Accept: text/csv, */*;q=0.5"
PATIENCE = 20.0
"""Seconds after which what has not come never will."""
SMALL_WINDOW = 4096
_PIECE = 64 * 1024
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d) [^\x00-\x08\x0a-\x1f\x7f]*")
_FIELD = re.compile(
    rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*((?:[^\x00-\x20\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*"
    rb"[^\x00-\x20\x7f])?)?)[ \t]*"
)
_DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d GMT")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;[^\r\n]*)?\r\n")
_ONCE = ("content-length", "content-location", "content-range", "content-type", "date", "etag", "expires",
         "last-modified", "location", "retry-after", "server", "transfer-encoding")  # fmt: skip

Word: TypeAlias = int | str
"""An answer in short: the mark that a query asked to have back, or the status."""


@dataclass(frozen=True)
class Reply:
    """An answer. headers: names in lower case with values, as they came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in self.headers if key == name]

    def has(self, name: str, token: str) -> bool:
        """Whether a header that is a list has this member."""
        return token in {part.strip().lower() for part in ",".join(self.all(name)).split(",")}

    @property
    def word(self) -> Word:
        """The answer in short."""
        if self.status == 200 and self.has("content-type", "text/csv; charset=utf-8") and self.body:
            return self.body.split()[1].decode()
        return self.status


def query(mark: str) -> str:
    """A query whose answer, as CSV, is a line with the mark."""
    return f'SELECT ("{mark}" AS ?n) {{}}'


def path(mark: str) -> str:
    """The target of a request for the mark."""
    return "/sparql?query=" + quote(query(mark))


def head(line: str, *fields: str) -> bytes:
    """The head of a request, from its first line to the empty one."""
    return "\r\n".join((line, *fields, "", "")).encode("latin-1")


def get(mark: str, *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    """A request for the mark."""
    return head(f"{method} {path(mark)} HTTP/{version}", "Host: a", ACCEPT, *fields)


def post(body: bytes, *fields: str, version: str = "1.1") -> bytes:
    """A query in a body whose length the fields are to say."""
    kind = "Content-Type: application/sparql-query"
    return head(f"POST /sparql HTTP/{version}", "Host: a", ACCEPT, kind, *fields) + body


def sized(mark: str, *fields: str, version: str = "1.1") -> bytes:
    """A query by POST with its length."""
    body = query(mark).encode()
    return post(body, f"Content-Length: {len(body)}", *fields, version=version)


def chunked(mark: str, size: int = 10) -> bytes:
    """A query by POST in chunks of this size."""
    body = query(mark).encode()
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))
    return post(chunks, "Transfer-Encoding: chunked")


def chunks(text: str) -> bytes:
    """A body in one chunk."""
    return f"{len(text):x}\r\n{text}\r\n0\r\n\r\n".encode()


AFTER = get("after", "Connection: close")
"""What follows on a connection, to see whether the server has kept its place."""


class Line:
    """One connection. window: bytes that the system takes in before they are read."""

    def __init__(self, client: Client, *, window: int = 0) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect((client.host, client.port))
        self.held = b""

    def send(self, data: bytes) -> None:
        """Send all of it. Raises AssertionError if the other side breaks off or takes nothing."""
        try:
            self.socket.sendall(data)
        except TimeoutError as error:
            raise AssertionError("what is sent is not taken") from error
        except ConnectionError as error:
            raise AssertionError(
                f"the connection is broken off while the client still sends: {error}"
            ) from error

    def end(self) -> None:
        """Say that nothing more will be sent."""
        with suppress(OSError):  # the other side may have ended before
            self.socket.shutdown(socket.SHUT_WR)

    def answer(self, method: str = "GET") -> Reply:
        """The next answer, perhaps an interim one. Raises AssertionError if it does not come whole."""
        while (found := _reply(self.held, method)) is None:
            assert self._more(), f"it ends with {self.held[:200]!r}"
        reply, self.held = found
        return reply

    def answers(self, methods: Sequence[str] = ()) -> list[Reply]:
        """All answers until the other side ends, the first ones to requests with these methods."""
        replies: list[Reply] = []
        to_come = list(methods)
        while self.held or self._more():
            replies.append(self.answer(to_come[0] if to_come else "GET"))
            if replies[-1].status >= 200 and to_come:
                del to_come[0]
        return replies

    def words(self, methods: Sequence[str] = ()) -> list[Word]:
        """All answers, in short."""
        return [reply.word for reply in self.answers(methods)]

    def hang_up(self, *, rudely: bool = False) -> None:
        """Close. rudely: with a reset, and what has come is left unread."""
        if rudely:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()

    def _more(self) -> bool:
        try:
            piece = self.socket.recv(_PIECE)
        except TimeoutError as error:
            raise AssertionError(f"it hangs after {self.held[:200]!r}") from error
        except ConnectionError as error:
            raise AssertionError(f"the connection is broken off after {self.held[:200]!r}") from error
        self.held += piece
        return bool(piece)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def said(client: Client, sent: bytes, *methods: str) -> list[Word]:
    """What comes, in short, on a connection where all of this is sent first and all is read then."""
    with Line(client) as line:
        line.send(sent)
        return line.words(methods)


def expect(heard: Sequence[Word], firsts: Collection[Word], *, ends: bool = False) -> None:
    """Raise AssertionError unless the first answer is one of these, and then ``AFTER`` is answered or none.

    After what is answered otherwise than with an error, AFTER must be answered; with ``ends``, it must not.
    """
    assert heard, "no answer comes"
    assert heard[0] in firsts, heard
    accepted = isinstance(heard[0], str) or heard[0] < 400
    if ends:
        assert heard[1:] == [], heard
    else:
        assert heard[1:] in ([["after"]] if accepted else [["after"], []]), heard


def _reply(raw: bytes, method: str) -> tuple[Reply, bytes] | None:
    """The first answer in these bytes, and what comes after it; None if it is not there as a whole."""
    top, found, rest = raw.partition(b"\r\n\r\n")
    if not found:
        assert re.match(rb"HTTP/1\.[01] |$", raw[:9]) or len(raw) < 9, f"no answer but {raw[:200]!r}"
        return None
    line, *fields = top.split(b"\r\n")
    status = _STATUS_LINE.fullmatch(line)
    assert status, line
    pairs = []
    for field in fields:
        match = _FIELD.fullmatch(field)
        assert match, field
        pairs.append((match[1].decode().lower(), match[2].decode("latin-1")))
    reply = Reply(int(status[1]), tuple(pairs), b"")
    _look_at(reply)
    split = _body(reply, method, rest)
    return split and (Reply(reply.status, reply.headers, split[0]), split[1])


def _look_at(reply: Reply) -> None:
    """Raise AssertionError unless the headers are such as must, and may, be there."""
    names = [name for name, _ in reply.headers]
    assert not [name for name in _ONCE if names.count(name) > 1], reply.headers
    assert reply.status != 101, "it changes to another protocol"
    if reply.status < 200 or reply.status == 204:
        assert not {"content-length", "transfer-encoding"} & set(names), reply
    if reply.status >= 200:
        date = "".join(reply.all("date"))
        assert _DATE.fullmatch(date), (date, reply)
        parsedate_to_datetime(date)
    if reply.status == 405:
        assert "allow" in names, reply


def _body(reply: Reply, method: str, raw: bytes) -> tuple[bytes, bytes] | None:
    length, coding = "".join(reply.all("content-length")), "".join(reply.all("transfer-encoding"))
    assert not (length and coding), reply
    if method == "HEAD" or reply.status < 200 or reply.status in (204, 304):
        return b"", raw
    if coding:
        assert coding.lower() == "chunked", reply
        return _chunks(raw)
    assert re.fullmatch("[0-9]+", length), f"no length: {reply}"
    return (raw[: int(length)], raw[int(length) :]) if len(raw) >= int(length) else None


def _chunks(raw: bytes) -> tuple[bytes, bytes] | None:
    body, at = b"", 0
    while match := _CHUNK.match(raw, at):
        size, at = int(match[1], 16), match.end()
        body, at = body + raw[at : at + size], at + size
        if len(raw) < at + 2:
            return None
        assert raw[at : at + 2] == b"\r\n", "a chunk does not end where it says, or there are trailers"
        at += 2
        if not size:
            return body, raw[at:]
    return None
