"""Work done beside other work, on the second processor if there is one.

Threads of Python take turns, and what is done here is for a good part Python. So a copy of the process does
the work where that is safe, which is in a process of one thread, as a command is; elsewhere a thread does it.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")
_THREADS = Path("/proc/self/task")
"""Where Linux lists the threads of a process; elsewhere they cannot be counted."""


@contextmanager
def beside(work: Callable[[], _T]) -> Iterator[Callable[[], _T]]:
    """Begin ``work``, which changes nothing that is looked at later; what is given waits for what it returns.

    That must be something that can be sent to another process. What ``work`` raises is raised when it is
    waited for. Nothing is left running.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as answers:
        child = _copy()
        if child == 0:
            _send(work, writing)
        os.close(writing)
        if child is None:
            with ThreadPoolExecutor(1) as threads:
                yield threads.submit(work).result
            return
        try:
            yield lambda: _received(answers, work)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _copy() -> int | None:
    """Copy this process: the number of the copy, which itself gets 0; None where that is not safe.

    It is safe where there is one thread only, of Python or of a library: a copy has no other, and would wait.
    """
    try:
        return os.fork() if hasattr(os, "fork") and len(list(_THREADS.iterdir())) == 1 else None
    except OSError:
        return None


def _send(work: Callable[[], object], writing: int) -> None:
    """Do the work in the copy, send what it returns, and end; say nothing if it fails."""
    try:
        answer = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
    finally:
        # Whatever happened: not one step of what the other process does is done here too.
        os._exit(0)


def _received(answers: BufferedReader, work: Callable[[], _T]) -> _T:
    try:
        answer: _T = pickle.loads(answers.read())  # noqa: S301  # by ourselves, a moment ago
    except (EOFError, pickle.UnpicklingError):
        # It failed there, and so it does here, where it can be told.
        return work()
    return answer
