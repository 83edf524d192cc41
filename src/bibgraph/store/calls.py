"""Work in threads for callers who may leave before it is done."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Event, Lock


class Left(Exception):
    """Nobody waits for the answer any more."""


class Call:
    """One piece of work for one caller. It ends soon after the caller has left."""

    def __init__(self) -> None:
        self._left = Event()
        self._lock = Lock()
        self._lines: set[socket.socket] = set()

    def leave(self) -> None:
        """Nobody waits any more: what is being read ends now, in whichever thread that is."""
        with self._lock:
            self._left.set()
            for line in self._lines:
                _shut(line)

    def go_on(self) -> None:
        """Raise Left if the caller has left."""
        if self._left.is_set():
            raise Left

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until the caller leaves."""
        self._left.wait(seconds)

    def hold(self, line: socket.socket) -> None:
        """The work is about to read from this connection, and lets it go before it closes it."""
        with self._lock:
            self._lines.add(line)
            if self._left.is_set():
                _shut(line)

    def let_go(self, line: socket.socket) -> None:
        """The work reads from this connection no more."""
        with self._lock:
            self._lines.discard(line)


_current: ContextVar[Call | None] = ContextVar("call", default=None)


def current() -> Call:
    """The call that is worked for in this context; where there is none, one that nobody leaves."""
    return _current.get() or Call()


@contextmanager
def working_for(call: Call) -> Generator[None]:
    """What is done in this context is done for ``call``. Raises Left if the caller has left already."""
    call.go_on()
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


def in_a_loop() -> bool:
    """Whether an event loop runs in this thread, where nothing may wait."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def sleep(seconds: float) -> None:
    """As ``time.sleep``, but no longer than somebody waits for what is done."""
    call = _current.get()
    (call.sleep if call else time.sleep)(seconds)


def _shut(line: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        # Not the method of a TLS connection, which would change it while another thread reads.
        socket.socket.shutdown(line, socket.SHUT_RDWR)
