"""A store asked in a child process: whatever a query does to the engine, this process goes on."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from bibgraph.errors import BibgraphError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.store import Answer, SparqlStore, Written
from bibgraph.store.sandbox import refusals
from bibgraph.store.sandbox.frames import KINDS, OUTCOME, Job, cause, decode_error
from bibgraph.store.sandbox.worker import scratch, serve
from bibgraph.store.serving import answer_of

_UNBOUND = replace(Limits(), result_bytes=0)
_PIECE = 1 << 20
_SAID = 4096
_STDERR = 2


class Apart:
    """``store``, each query in a forked process. No limits are held: the user is at home.

    Where the system cannot fork, or other threads make that unsafe (see ``zygote``), it is asked here.
    """

    def __init__(self, store: SparqlStore) -> None:
        self._store = store

    @property
    def version(self) -> str:
        """See ``SparqlStore.version``."""
        return self._store.version

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``. Raises Unavailable or LimitError if the engine ends its process."""
        if not hasattr(os, "fork") or threading.active_count() > 1:
            return self._store.query(text, default_graphs=default_graphs, named_graphs=named_graphs)
        job = Job(text, default_graphs=tuple(default_graphs), named_graphs=tuple(named_graphs))
        ours, theirs = socket.socketpair()
        errors = scratch()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._serve(theirs, errors)
        theirs.close()
        try:
            with ours:
                frame = _exchange(ours, job.encoded())
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            said = os.pread(errors, _SAID, 0)
            os.close(errors)
        if frame:
            return _opened(frame)
        raise _ended(cause(said, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))

    def _serve(self, link: socket.socket, errors: int) -> NoReturn:
        """What the child does, and no more."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.dup2(errors, _STDERR)
            serve(link, self._store, _UNBOUND)
        finally:
            os._exit(0)


def _exchange(link: socket.socket, frame: bytes) -> bytes:
    """The whole frame that answers this one; empty if none comes."""
    held = bytearray()
    with suppress(ConnectionError):
        link.sendall(frame)
        while piece := link.recv(_PIECE):
            held += piece
            if len(held) >= OUTCOME.size and len(held) >= OUTCOME.size + OUTCOME.unpack_from(held)[2]:
                return bytes(held)
    return b""


def _opened(frame: bytes) -> Answer:
    number, _, _ = OUTCOME.unpack_from(frame)
    kind, body = KINDS[number], frame[OUTCOME.size :]
    if kind == "error":
        raise decode_error(body)
    if kind == "fault":
        raise RuntimeError(body.decode("utf-8", "replace"))
    return answer_of(Written(kind, body))


def _ended(why: str) -> BibgraphError:
    if why == "memory":  # there is no limit of ours that could be named
        return BibgraphError(
            message("The query needed more memory than this machine has for it."),
            hint=message("Ask for less at a time: ORDER BY, DISTINCT and GROUP BY hold all that they see."),
        )
    return refusals.crashed() if why == "crash" else refusals.ended(_UNBOUND, why)
