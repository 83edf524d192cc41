"""Flask behind an RSGI server: a request becomes a WSGI environment, the answer a whole reply."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import WSGIApplication

_ONLY_CONDITIONAL = frozenset(("if-none-match", "if-modified-since", "if-match", "if-unmodified-since"))


@dataclass(slots=True)
class Reply:
    """An answer as it is sent: status, headers in order, body.

    etag: its strong tag as it stands in the header; empty for none, and then it is not to be kept. varies:
    its Vary says already that it may be packed.
    """

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    etag: str = ""
    varies: bool = False

    def header(self, name: str) -> str:
        """The value of a header, by its name in lower case; empty if it is not there."""
        for key, value in self.headers:
            if key == name or key.lower() == name:
                return value
        return ""

    def put(self, name: str, value: str) -> None:
        """Set a header that may be there once."""
        lower = name.lower()
        self.headers = [pair for pair in self.headers if pair[0].lower() != lower]
        self.headers.append((name, value))


def environ(scope: Any, body: bytes, client: str, more: dict[str, object]) -> dict[str, object]:  # noqa: ANN401  # of granian
    """The WSGI environment (PEP 3333) of an RSGI request, as a GET if it is a HEAD.

    Headers that make a request conditional are left out: whole answers can be kept, and the conditions are
    looked at as they are sent. more: further keys.
    """
    host, _, port = scope.server.rpartition(":")
    made: dict[str, object] = {
        "REQUEST_METHOD": "GET" if scope.method == "HEAD" else scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/" if scope.path == "*" else scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **more,
    }
    headers = scope.headers
    for name in headers.keys():  # noqa: SIM118  # not a mapping: it has this method alone
        if name == "content-type":
            made["CONTENT_TYPE"] = headers.get(name)
        elif name != "content-length" and name not in _ONLY_CONDITIONAL:
            made[f"HTTP_{name.upper().replace('-', '_')}"] = ", ".join(headers.get_all(name))
    return made


def call(app: WSGIApplication, environment: dict[str, object]) -> Reply:
    """The application's whole answer to one request."""
    reply = Reply(500)

    def start(
        status: str, headers: list[tuple[str, str]], _info: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        reply.status = int(status.partition(" ")[0])
        # The length is counted when the reply is sent: it may be packed before.
        reply.headers = [pair for pair in headers if pair[0].lower() != "content-length"]
        return _written

    pieces: Iterable[bytes] = app(environment, start)
    try:
        reply.body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    if "no-store" not in reply.header("cache-control"):
        reply.etag = reply.header("etag")
    return reply


def _written(_: bytes) -> None:
    """Take what is written in the old way of WSGI: nothing of ours is."""
