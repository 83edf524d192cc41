"""A worker: one query at a time, with no way to files or the network, until it is killed."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, Protocol

import pyoxigraph as ox

from bibgraph.errors import BibgraphError, NotAcceptable
from bibgraph.limits import Limits
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.store import SparqlStore
from bibgraph.store.sandbox.frames import JOB, OUT_OF_MEMORY, Job, encode_error, outcome
from bibgraph.store.sandbox.slices import take_long_slices
from bibgraph.store.writing import PAGE, ROWS, TRIPLES, beginning, render, types_of

_SIGNAL_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_STDIN, _STDOUT, _STDERR = 0, 1, 2
_PIECE = 16384
_LOOKING = 0.00015
"""Seconds for which a worker looks for its next job before it waits for one."""
_STANDARD_PIECE = 65536

_REHEARSAL = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 1",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1",
    "SELECT (UUID() AS ?id) (RAND() AS ?number) (NOW() AS ?now) (SHA256('x') AS ?hash) {}",
    "SELECT * { SERVICE <x:y> { ?s ?p ?o } }",
    "SELECT * FROM <x:y> { ?s ?p ?o }",
    "SELECT ?s {",
    "SELECT * { ?s a:b ?o }",
    "SELECTT * { }",
)


class Link(Protocol):
    """What jobs come over, and answers go: a pair of pipes, or something like it."""

    def recv(self, bufsize: int, /) -> bytes:
        """Up to so many bytes; none when it has ended."""

    def sendall(self, *pieces: bytes) -> None:
        """Send all of it."""


class Pipes:
    """The pipes of a worker, which are its standard input and output.

    Beside a socket they spare a worker that waits for a job from being woken as its last answer is read. And
    before it waits it looks for one for a moment, while others may run: to be woken on another processor can
    take longer than a short query.
    """

    def __init__(self) -> None:
        self._room = memoryview(bytearray(_PIECE))
        self._looks = (os.cpu_count() or 1) > 1 and hasattr(os, "RWF_NOWAIT")

    def recv(self, bufsize: int, /) -> bytes:
        """See ``Link.recv``."""
        ends = time.perf_counter() + _LOOKING
        while self._looks and time.perf_counter() < ends:
            try:
                return bytes(self._room[: os.preadv(_STDIN, (self._room[:bufsize],), -1, os.RWF_NOWAIT)])
            except BlockingIOError:
                os.sched_yield()
            except OSError:  # this system cannot look without waiting
                self._looks = False
        return os.read(_STDIN, bufsize)

    def sendall(self, *pieces: bytes) -> None:
        """See ``Link.sendall``."""
        sent = os.writev(_STDOUT, pieces)
        if sent < sum(map(len, pieces)):  # a signal came
            rest = memoryview(b"".join(pieces))[sent:]
            while rest:
                rest = rest[os.write(_STDOUT, rest) :]


class Standard:
    """Standard input and output, as workers have them that were not forked.

    A thread reads, so that on every system the process ends with whom it serves, even in a query.
    """

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._sink = sink
        self._pieces: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=self._read, args=(source.fileno(),), daemon=True).start()

    def _read(self, descriptor: int) -> None:
        while piece := os.read(descriptor, _STANDARD_PIECE):
            self._pieces.put(piece)
        os._exit(0)

    def recv(self, _: int, /) -> bytes:
        """See ``Link.recv``."""
        return self._pieces.get()

    def sendall(self, *pieces: bytes) -> None:
        """See ``Link.sendall``."""
        self._sink.writelines(pieces)
        self._sink.flush()


def serve(link: Link, store: SparqlStore, limits: Limits) -> None:
    """Answer the jobs that come over ``link`` until it ends."""
    while data := link.recv(_PIECE):
        while len(data) < JOB.size or len(data) < JOB.size + JOB.unpack_from(data)[0]:
            piece = link.recv(_PIECE)
            if not piece:
                return
            data += piece
        try:
            answer = _answer(Job.decode(data[JOB.size :]), store, limits)
        except MemoryError:
            os.write(_STDERR, OUT_OF_MEMORY)
            os._exit(1)
        link.sendall(*answer)


def rehearse(store: SparqlStore, limits: Limits) -> None:
    """Load all that a worker may need: it can open no file, so not even a module, later."""
    for text in _REHEARSAL:
        for format_ in (("json", "ttl"), ("xml", "rdf"), ("csv", "jsonld"), (PAGE, PAGE), ("", "")):
            with suppress(BibgraphError):
                perform(Job(text, *format_), store, limits)


def perform(job: Job, store: SparqlStore, limits: Limits) -> tuple[str, bytes]:
    """The answer's kind, and the answer written out; for a page, what it needs of it (``writing.beginning``).

    Raises what the store raises, and NotAcceptable.
    """
    answer = store.query(job.text, default_graphs=job.default_graphs, named_graphs=job.named_graphs)
    triples = isinstance(answer, ox.QueryTriples)
    format_ = job.triples if triples else job.rows
    if not format_:
        formats = TRIPLES if triples else ROWS
        raise NotAcceptable(
            message("This query has no answer in the format asked for."),
            hint=message("There is: {offered}.", offered=", ".join(BY_NAME[name].type for name in formats)),
            available=types_of(formats),
        )
    kind = "triples" if triples else "boolean" if isinstance(answer, ox.QueryBoolean) else "rows"
    if format_ == PAGE:
        return kind, beginning(answer, most=limits.result_bytes)
    return kind, render(answer, format_, most=limits.result_bytes)


def _answer(job: Job, store: SparqlStore, limits: Limits) -> tuple[bytes, bytes]:
    try:
        kind, body = perform(job, store, limits)
    except BibgraphError as error:
        kind, body = "error", encode_error(error)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # a fault of ours: it is told to those who run the service
        kind, body = "fault", traceback.format_exc().encode()
    return outcome(kind, time.process_time(), body)


def confine(jobs: int, answers: int, errors: int, parent: int, memory: int) -> Pipes:
    """As ``alone_with``; and let it open nothing, neither a file nor a connection. memory: see ``bound``."""
    pipes = alone_with(jobs, answers, errors, parent)
    take_long_slices()
    bound(memory)
    return pipes


def alone_with(jobs: int, answers: int, errors: int, parent: int) -> Pipes:
    """Leave this process nothing but two pipes and a standard error that goes to ``errors``.

    It ends with its parent.
    """
    import resource  # noqa: PLC0415  # not on Windows, where nothing is forked

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    for descriptor, stream in ((jobs, _STDIN), (answers, _STDOUT), (errors, _STDERR)):
        os.dup2(descriptor, stream)
    os.closerange(_STDERR + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return Pipes()


def bound(memory: int) -> None:
    """Let this process take ``memory`` bytes more than it has, leave no core, and open nothing more.

    A system that has no such limits is left as it is: Windows has none, macOS does not hold RLIMIT_AS.
    """
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    limit = size() + memory
    for name, most in (("RLIMIT_AS", limit), ("RLIMIT_CORE", 0), ("RLIMIT_NOFILE", 0)):
        if name != "RLIMIT_AS" or limit > memory:
            resource.setrlimit(getattr(resource, name), (most, most))


def end_with_parent(parent: int) -> None:
    """Have the system end this process at once when the one that started it ends, where it can do that."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_SIGNAL_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def size() -> int:
    """The bytes of address space that this process has; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text("ascii").split()[0]) * mmap.PAGESIZE if statm.exists() else 0


def scratch() -> int:
    """A nameless file for what a worker says as it ends."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("worker")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
