"""A worker: one query at a time, with no way to files or the network, until it is killed."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import socket
import time
import traceback
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from bibgraph.errors import BibgraphError, NotAcceptable
from bibgraph.limits import Limits
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.store import SparqlStore
from bibgraph.store.sandbox.frames import JOB, OUT_OF_MEMORY, Job, encode_error, outcome
from bibgraph.store.writing import ROWS, TRIPLES, render

_SIGNAL_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_STDERR = 2
_PIECE = 65536


class Link(Protocol):
    """What jobs come over, and answers go: a socket, or something like it."""

    def recv(self, bufsize: int, /) -> bytes:
        """Up to so many bytes; none when it has ended."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""


def serve(link: Link, store: SparqlStore, limits: Limits) -> None:
    """Answer the jobs that come over ``link`` until it ends."""
    while data := link.recv(_PIECE):
        held = bytearray(data)
        while len(held) < JOB.size or len(held) < JOB.size + JOB.unpack_from(held)[0]:
            piece = link.recv(_PIECE)
            if not piece:
                return
            held += piece
        try:
            answer = _answer(Job.decode(bytes(held[JOB.size :])), store, limits)
        except MemoryError:
            os.write(_STDERR, OUT_OF_MEMORY)
            os._exit(1)
        link.sendall(answer)


def perform(job: Job, store: SparqlStore, limits: Limits) -> tuple[str, bytes]:
    """The answer's kind, and the answer written out. Raises what the store raises, and NotAcceptable."""
    answer = store.query(job.text, default_graphs=job.default_graphs, named_graphs=job.named_graphs)
    triples = isinstance(answer, ox.QueryTriples)
    format_ = job.triples if triples else job.rows
    if not format_:
        offered = ", ".join(BY_NAME[name].type for name in (TRIPLES if triples else ROWS))
        raise NotAcceptable(
            message("This query has no answer in the format asked for."),
            hint=message("There is: {offered}.", offered=offered),
        )
    kind = "triples" if triples else "boolean" if isinstance(answer, ox.QueryBoolean) else "rows"
    return kind, render(answer, format_, most=limits.result_bytes)


def _answer(job: Job, store: SparqlStore, limits: Limits) -> bytes:
    try:
        kind, body = perform(job, store, limits)
    except BibgraphError as error:
        kind, body = "error", encode_error(error)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # a fault of ours: it is told to those who run the service
        kind, body = "fault", traceback.format_exc().encode()
    return outcome(kind, time.process_time(), body)


def confine(link: socket.socket, errors: int, parent: int, memory: int) -> socket.socket:
    """Leave this process nothing but ``link`` and a standard error that goes to ``errors``; the link anew.

    It ends with its parent, may take ``memory`` bytes more than it has, leaves no core, and opens nothing:
    neither a file nor a connection. Where the system has no such limits (RLIMIT_AS on macOS) only the
    deadline and the size of results are held.
    """
    import resource  # noqa: PLC0415  # not on Windows, where nothing is forked

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent(parent)
    os.dup2(errors, _STDERR)
    kept = os.dup2(link.fileno(), _STDERR + 1, inheritable=False)
    link.detach()
    os.closerange(kept + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for stream in (0, 1):
        os.close(stream)
    confined = socket.socket(fileno=kept)
    limit = _size() + memory
    for name, most in (("RLIMIT_AS", limit), ("RLIMIT_CORE", 0), ("RLIMIT_NOFILE", 0)):
        if name != "RLIMIT_AS" or limit > memory:
            resource.setrlimit(getattr(resource, name), (most, most))
    return confined


def _end_with_parent(parent: int) -> None:
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_SIGNAL_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _size() -> int:
    """The bytes of address space that this process has; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text("ascii").split()[0]) * mmap.PAGESIZE if statm.exists() else 0
