"""Flask behind our server: a request becomes a WSGI environment, the answer a whole reply."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Request

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import WSGIApplication

_APART = ("content-length", "date", "etag")
_OURS = frozenset(
    (
        *("if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range", "if-range"),
        *("connection", "upgrade"),
    )
)
"""Headers that the application is not told: answers are made whole, and may be kept for others."""


def environ(request: Request, more: dict[str, object]) -> dict[str, object]:
    """The WSGI environment (PEP 3333) of a request, as a GET if it is a HEAD.

    Headers that make a request conditional, or ask for a part, are left out: whole answers can be kept, and
    what is asked is looked at as they are sent. So are those that are for the connection. more: further keys.
    """
    made: dict[str, object] = {
        "REQUEST_METHOD": "GET" if request.method == "HEAD" else request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query_string.encode().decode("latin-1"),
        "SERVER_NAME": request.server[0],
        "SERVER_PORT": request.server[1],
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "REMOTE_ADDR": request.client,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **more,
    }
    headers = request.headers
    for name in headers.keys():  # noqa: SIM118  # not a mapping
        if name == "content-type":
            made["CONTENT_TYPE"] = headers.get(name)
        elif name != "content-length" and name not in _OURS:
            made[f"HTTP_{name.upper().replace('-', '_')}"] = headers.get(name)
    return made


def call(app: WSGIApplication, environment: dict[str, object]) -> Reply:
    """The application's whole answer to one request."""
    reply = Reply(500)

    def start(
        status: str, headers: list[tuple[str, str]], _info: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        reply.status = int(status.partition(" ")[0])
        # The length is counted when the reply is sent: it may be packed before.
        reply.headers = tuple(pair for pair in headers if pair[0].lower() not in _APART)
        reply.etag = dict(headers).get("ETag", "")
        return _written

    pieces: Iterable[bytes] = app(environment, start)
    try:
        reply.body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    reply.lasting = "no-store" not in reply.header("cache-control")
    return reply


def _written(_: bytes) -> None:
    """Take what is written in the old way of WSGI: nothing of ours is."""
