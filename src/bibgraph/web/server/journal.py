"""The log: of queries, one JSON object a line, so that nothing that strangers write looks like ours.

No addresses are written. A query is there by its hash, which finds it again, and its beginning.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from json.encoder import encode_basestring_ascii
from typing import Protocol

_SHOWN = 200
_LARGE = 2000
_MOST_HELD = 20_000
_BETWEEN_WRITES = 0.1


class Sink(Protocol):
    """What takes lines."""

    def later(self, line: Callable[[], str], /) -> object:
        """Take in what makes a line, which is asked for it in a moment."""


class Outlet:
    """A way to a file descriptor on which nobody who writes ever waits, even if nobody reads it.

    A thread of its own makes and writes what is held, much at a time, which takes less from those who wait
    for answers. What comes while too much is held is left out. lost: how often.
    """

    def __init__(self, descriptor: int, most: int = _MOST_HELD) -> None:
        self._descriptor = descriptor
        self._most = most
        self._held: deque[Callable[[], str]] = deque()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self.lost = 0

    def write(self, text: str) -> int:
        """Take in a text, which is written in a moment."""
        self.later(lambda: text)
        return len(text)

    def later(self, line: Callable[[], str]) -> None:
        """Take in what makes a text, which is made and written in a moment."""
        if len(self._held) >= self._most:
            self.lost += 1
            return
        self._held.append(line)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="log", daemon=True)
            self._thread.start()

    def flush(self) -> None:
        """Nothing: the thread writes soon enough."""

    def close(self, patience: float = 1.0) -> None:
        """Write what is held, unless that takes longer than ``patience`` seconds."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(patience)

    def _work(self) -> None:
        while not self._ended.wait(_BETWEEN_WRITES):
            self._write()
        self._write()

    def _write(self) -> None:
        lines = [self._held.popleft()() for _ in range(len(self._held))]
        data = "".join(lines).encode("utf-8", "replace")
        with suppress(OSError):  # nobody is there to be told
            while data:
                data = data[os.write(self._descriptor, data) :]


class Journal:
    """Writes of queries to ``out``; to nothing if that is None."""

    def __init__(self, out: Sink | None = None) -> None:
        self._out = out

    def query(self, number: str, text: str, seconds: float, outcome: str, size: int) -> None:
        """A query that was run. number: the id that an answer about an error carries. size: of the answer."""
        if self._out is None:
            return
        line = partial(_line, time.time(), number, text, seconds, outcome, size)
        if len(text) > _LARGE:  # many such must not be held
            self._out.later(partial(str, line()))
        else:
            self._out.later(line)


def _line(at: float, number: str, text: str, seconds: float, outcome: str, size: int) -> str:
    found = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return (
        f'{{"time": {at:.3f}, "id": "{number}", "query": "{found}", "ms": {seconds * 1000:.3f}, '
        f'"outcome": "{outcome}", "bytes": {size}, "begins": {encode_basestring_ascii(text[:_SHOWN])}}}\n'
    )
