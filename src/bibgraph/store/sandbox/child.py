"""A process that answers the queries of one other, which is at home: no limits are held, but it may end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from bibgraph.limits import Limits
from bibgraph.store import SparqlStore
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.sandbox.frames import JOB, OUTCOME, cause
from bibgraph.store.sandbox.worker import alone_with, scratch, serve

READY = b"R"
"""What a process that was sent a copy of the store says when it has it."""

_COPY = "bibgraph.store.sandbox.copy"
_PIECE = 1 << 20
_SAID = 4096


class Child:
    """A process over a store, at the other end of two pipes.

    jobs, answers: our ends of them. errors: what it says as it ends. finish: ends it, waits for it, and tells
    the number of the signal that ended it; told that it is not ours to end, it does none of this. The process
    ends when this is let go.
    """

    def __init__(self, jobs: int, answers: int, errors: int, finish: Callable[[bool], int]) -> None:
        self.owner = os.getpid()
        self._jobs, self._answers = jobs, answers
        self._bury = weakref.finalize(self, _bury, self.owner, (jobs, answers), errors, finish)

    def ask(self, frame: bytes) -> bytes:
        """The whole frame that answers this one; empty if none comes."""
        held = bytearray()
        with suppress(ConnectionError):
            self.send(frame)
            while piece := os.read(self._answers, _PIECE):
                held += piece
                if len(held) >= OUTCOME.size and len(held) >= OUTCOME.size + OUTCOME.unpack_from(held)[2]:
                    return bytes(held)
        return b""

    def send(self, data: bytes) -> None:
        """Send all of it. Raises ConnectionError."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._jobs, rest) :]

    def is_ready(self) -> bool:
        """Wait until it has its copy of the store; False if it has ended instead."""
        return os.read(self._answers, len(READY)) == READY

    def end(self) -> str:
        """Why it has ended (see ``frames.cause``); it is ended if it has not."""
        return self._bury() or ""


def child_of(store: SparqlStore, limits: Limits) -> Child | None:
    """A process that answers as ``store`` does; None where there can be none.

    It is forked where this is the only thread, for it is unsafe with others (see ``zygote``). Else it is
    started afresh and sent a copy of the store, which takes a moment.
    """
    if hasattr(os, "fork") and _is_only_thread():
        return _forked(store, limits)
    return _started(store) if isinstance(store, EmbeddedStore) and sys.executable else None


def _is_only_thread() -> bool:
    """Whether this process has no other threads, those that Python does not know of included."""
    tasks = Path("/proc/self/task")
    return threading.active_count() == 1 and (not tasks.exists() or sum(1 for _ in tasks.iterdir()) == 1)


def _forked(store: SparqlStore, limits: Limits) -> Child:
    jobs, to_child = os.pipe()
    from_child, answers = os.pipe()
    errors, parent = scratch(), os.getpid()
    pid = os.fork()
    if pid == 0:
        _answer((jobs, answers, errors), parent, store, limits)
    os.close(jobs)
    os.close(answers)

    def finish(ours: bool) -> int:  # noqa: FBT001  # always told
        if not ours:
            return 0
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        try:
            _, status = os.waitpid(pid, 0)
        except ChildProcessError:  # somebody else in this process has waited for it
            return 0
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    return Child(to_child, from_child, errors, finish)


def _answer(pipes: tuple[int, int, int], parent: int, store: SparqlStore, limits: Limits) -> NoReturn:
    """What a forked child does, and no more."""
    try:
        serve(alone_with(*pipes, parent), store, limits)
    finally:
        os._exit(0)


def _started(store: EmbeddedStore) -> Child | None:
    errors = scratch()
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-P", "-m", _COPY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )

    def finish(ours: bool) -> int:  # noqa: FBT001  # always told
        if not ours:
            process.returncode = 0  # else it is said to be still running
            return 0
        process.kill()
        return max(0, -process.wait())

    if process.stdin is None or process.stdout is None:
        raise TypeError(process)
    with process.stdin, process.stdout:
        jobs, answers = os.dup(process.stdin.fileno()), os.dup(process.stdout.fileno())
    child = Child(jobs, answers, errors, finish)
    quads = store.lines()
    head = json.dumps({"version": store.version, **store.most, "size": len(quads)}).encode()
    with suppress(ConnectionError):
        child.send(JOB.pack(len(head)) + head)
        child.send(quads)
        if child.is_ready():
            return child
    child.end()
    return None


def _bury(owner: int, pipes: tuple[int, int], errors: int, finish: Callable[[bool], int]) -> str:
    """Let go of a child, and end it unless this process is but a fork of the one whose child it is."""
    for pipe in pipes:
        os.close(pipe)
    number = finish(os.getpid() == owner)
    os.lseek(errors, 0, os.SEEK_SET)
    said = os.read(errors, _SAID)
    os.close(errors)
    return cause(said, number)
