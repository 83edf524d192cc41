"""All cases, and a listener that tells whether the server has asked anybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hostile import evaluating, framing, killing, loading, parsing, reaching, showing
from hostile.cases import CASES, Case

GROUPS = ("eval", "parse", "reach", "write", "http", "show", "load", "soak", "kill")
MODULES = (evaluating, parsing, reaching, framing, showing, loading, killing)
"""The modules that register cases."""


def chosen(groups: Sequence[str] | None = None, name: str = "", *, quick: bool = False) -> list[Case]:
    """The cases of these groups, in the order of ``GROUPS``; quick: those that do not take long."""
    wanted = groups or GROUPS
    found = [one for one in CASES if one.group in wanted and name in one.name and not (quick and one.patient)]
    return sorted(found, key=lambda one: GROUPS.index(one.group))


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and the requests that have come to it."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            heard.append(str(self.rfile.readline(200)))
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
