"""The zygote: a process with one thread that holds the store and does nothing but fork workers.

Only a process with one thread can be forked safely: of children forked from one whose threads were querying,
some hung for ever on a lock. It takes lines on its control socket, ``F`` (fork) and ``E <pid>`` (end), and
answers each in order: ``F <pid>`` with the pipes of the worker beside it, or ``N <number>`` of an error if
there is no room for another process; ``E <pid> <cause> <seconds>``.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress

from bibgraph.limits import Limits
from bibgraph.store import SparqlStore
from bibgraph.store.sandbox.allocator import settle
from bibgraph.store.sandbox.frames import cause
from bibgraph.store.sandbox.worker import confine, rehearse, scratch, serve

_PIECE = 65536
_SAID = 4096


class Zygote:
    """A process that forks workers over ``store`` as ``control`` tells it to."""

    def __init__(self, control: socket.socket, store: SparqlStore, limits: Limits) -> None:
        self._control = control
        self._store = store
        self._limits = limits
        self._room = limits.memory
        self._errors: dict[int, int] = {}

    def run(self) -> None:
        """Say that all is ready, then serve until the control socket ends."""
        rehearse(self._store, self._limits)
        gc.collect()
        self._room = settle(self._limits.memory)
        gc.freeze()  # what is there already is never looked at again, so its pages stay shared
        with suppress(BrokenPipeError, ConnectionResetError):  # whom it serves has ended
            self._control.sendall(f"R {self._store.version}\n".encode())
            for line in self._lines():
                if line == "F":
                    self._fork()
                else:
                    self._end(int(line.removeprefix("E ")))

    def _lines(self) -> Iterator[str]:
        held = b""
        while piece := self._control.recv(_PIECE):
            *lines, held = (held + piece).split(b"\n")
            yield from (line.decode() for line in lines)

    def _fork(self) -> None:
        parent, opened = os.getpid(), list[int]()
        try:
            opened += os.pipe()
            opened += os.pipe()
            errors = scratch()
            opened.append(errors)
            pid = os.fork()
        except OSError as error:
            for descriptor in opened:
                os.close(descriptor)
            self._control.sendall(f"N {error.errno}\n".encode())
            return
        jobs, to_worker, from_worker, answers, _ = opened
        if pid == 0:
            try:
                link = confine(jobs, answers, errors, parent, self._room)
                serve(link, self._store, self._limits)
            finally:
                os._exit(0)
        self._errors[pid] = errors
        socket.send_fds(self._control, [f"F {pid}\n".encode()], [from_worker, to_worker])
        for descriptor in (jobs, answers, from_worker, to_worker):
            os.close(descriptor)

    def _end(self, pid: int) -> None:
        """End a worker for good; until then its number belongs to nobody else, so signals hit no stranger."""
        errors = self._errors.pop(pid, None)
        if errors is None:  # none of ours: to end it could hit a stranger
            self._control.sendall(f"E {pid} killed 0\n".encode())
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        said = os.pread(errors, _SAID, 0)
        os.close(errors)
        why = cause(said, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)
        self._control.sendall(f"E {pid} {why} {usage.ru_utime + usage.ru_stime}\n".encode())
