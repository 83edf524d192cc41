"""HTTP by hand: what is sent is exactly what is written here, however wrong it is."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

PATIENCE = 60.0
"""Seconds after which what has not come never will, however slow the machine."""
_PIECE = 65536
_MOST = 64 * 1024 * 1024


class BrokenAnswer(Exception):
    """What came back is no whole HTTP answer."""


@dataclass(frozen=True)
class Answer:
    """An answer. headers: by name in lower case, several of one name joined; names: how often each came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    names: Mapping[str, int] = field(default_factory=dict)

    def members(self) -> dict[str, object]:
        """The members of a problem in JSON."""
        assert self.headers.get("content-type") == "application/problem+json", (self.status, self.headers)
        members: dict[str, object] = json.loads(self.body)
        return members


class Connection:
    """One connection, written to and read from as the caller likes."""

    def __init__(
        self, host: str, port: int, *, window: int = 0, patience: float = PATIENCE, source: str = ""
    ) -> None:
        self.socket = socket.socket()
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(patience)
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.connect((host, port))
        self._held = b""
        self._began = time.monotonic()

    def send(self, data: bytes) -> None:
        """Send, and mind no more if the other side has heard enough: its answer is there to be read."""
        self._began = time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def answer(self, *, head: bool = False) -> Answer:
        """The next answer, whole. Raises BrokenAnswer, TimeoutError."""
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        if not lines[0].startswith("HTTP/1."):
            raise BrokenAnswer(lines[0][:80])
        status = int(lines[0].split(" ")[1])
        headers: dict[str, str] = {}
        names: dict[str, int] = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            key = name.lower()
            names[key] = names.get(key, 0) + 1
            headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
        body = b"" if head or status in (204, 304) else self._body(headers)
        return Answer(status, headers, body, time.monotonic() - self._began, names)

    def ended(self) -> bool:
        """Whether the other side closes, with nothing more said, while this side is patient."""
        try:
            return not self._held and not self.socket.recv(1)
        except TimeoutError:
            return False
        except ConnectionResetError:
            return True

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        if "content-length" in headers:
            return self._exactly(int(headers["content-length"]))
        pieces = [self._held]
        while piece := self.socket.recv(_PIECE):
            pieces.append(piece)
        return b"".join(pieces)

    def _chunks(self) -> Iterable[bytes]:
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            yield self._exactly(size)
            self._until(b"\r\n")
        self._until(b"\r\n")

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._held:
            self._more()
        found, _, self._held = self._held.partition(mark)
        return found

    def _exactly(self, count: int) -> bytes:
        if count > _MOST:
            raise BrokenAnswer(f"{count} bytes")
        while len(self._held) < count:
            self._more()
        found, self._held = self._held[:count], self._held[count:]
        return found

    def _more(self) -> None:
        piece = self.socket.recv(_PIECE)
        if not piece:
            raise BrokenAnswer(f"ended after {self._held[:80]!r}")
        self._held += piece


class Client:
    """Asks the server at ``address``, each time on a connection of its own, which comes from ``source``."""

    def __init__(self, address: str, source: str = "") -> None:
        self.address, self.source = address, source
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.name = f"{self.host}:{self.port}"

    def connection(self, *, window: int = 0, patience: float = PATIENCE) -> Connection:
        """A new connection."""
        return Connection(self.host, self.port, window=window, patience=patience, source=self.source)

    def elsewhere(self, source: str = "127.0.0.2") -> Client:
        """The same, but for the address that it comes from."""
        return Client(self.address, source)

    def request(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        *,
        patience: float = PATIENCE,
    ) -> Answer:
        """The answer to a request that is well formed but for what the caller puts into it."""
        with self.connection(patience=patience) as connection:
            connection.send(self.written(method, target, headers, body))
            return connection.answer(head=method == "HEAD")

    def written(
        self, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> bytes:
        """A request as bytes, which asks that the connection be closed."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.name}", "Connection: close"]
        stated = list(headers)
        if body or method == "POST":
            stated.append(("Content-Length", str(len(body))))
        lines += [f"{name}: {value}" for name, value in stated]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    def get(self, target: str, accept: str = "*/*", **headers: str) -> Answer:
        """GET; underscores in names of headers stand for hyphens."""
        return self.request("GET", target, [("Accept", accept), *_named(headers)])

    def query(
        self, text: str, accept: str = "application/sparql-results+json", *, more: str = "", **headers: str
    ) -> Answer:
        """A query by GET if it fits into an address, else by POST. more: further parameters, encoded."""
        encoded = quote(text, safe="", errors="surrogatepass")
        target = f"/sparql?query={encoded}{more}"
        if len(target) < 8000:
            return self.get(target, accept, **headers)
        return self.post(text.encode("utf-8", "surrogatepass"), accept, more=more, **headers)

    def post(
        self, body: bytes, accept: str = "application/sparql-results+json", *, more: str = "", **headers: str
    ) -> Answer:
        """A query as the body of a POST."""
        stated = [("Accept", accept), ("Content-Type", "application/sparql-query"), *_named(headers)]
        return self.request("POST", f"/sparql?{more.lstrip('&')}" if more else "/sparql", stated, body)

    def rows(self, text: str) -> list[dict[str, str]]:
        """The values of the rows of a SELECT that must be answered."""
        answer = self.query(text)
        assert answer.status == 200, (answer.status, answer.body[:300])
        found = json.loads(answer.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in found]


def _named(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name.replace("_", "-"), value) for name, value in headers.items()]
