"""Work done beside other work, on the second processor if there is one.

Threads of Python take turns, and what is done here is for a good part Python. So a copy of the process does
the work where that is safe, which is in a process of one thread, as a command is; elsewhere a thread does it.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import BufferedReader
from pathlib import Path
from typing import Any

_THREADS = Path("/proc/self/task")
"""Where Linux lists the threads of a process; elsewhere they cannot be counted."""


@contextmanager
def beside(work: Callable[[], Any], *further: Callable[[Any], Any]) -> Iterator[Callable[[], Any]]:
    """Begin ``work``, which changes nothing that is looked at later.

    What is given waits for what it returns; called again, for what ``further`` returns, each step of which is
    done with the answer before. All answers must be something that can be sent to another process. What a
    step raises is raised when it is waited for. Nothing is left running.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as answers:
        child = _copy()
        if child == 0:
            _send(work, further, writing)
        os.close(writing)
        if child is None:
            # Loaded when it is needed, which is not where a command is in a hurry.
            with import_module("concurrent.futures").ThreadPoolExecutor(1) as threads:
                begun = [threads.submit(work)]
                for step in further:
                    begun.append(threads.submit(_go_on, step, begun[-1].result))
                ahead = iter(begun)
                yield lambda: next(ahead).result()
            return
        had: list[Any] = []
        try:
            yield lambda: _received(answers, [work, *further], had)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _go_on(step: Callable[[Any], Any], before: Callable[[], Any]) -> Any:  # noqa: ANN401  # any kind of answer
    return step(before())


def _copy() -> int | None:
    """Copy this process: the number of the copy, which itself gets 0; None where that is not safe.

    It is safe where there is one thread only, of Python or of a library: a copy has no other, and would wait.
    """
    try:
        return os.fork() if hasattr(os, "fork") and len(list(_THREADS.iterdir())) == 1 else None
    except OSError:
        return None


def _send(work: Callable[[], Any], further: Iterable[Callable[[Any], Any]], writing: int) -> None:
    """Do the work in the copy, send what each step returns, and end; say nothing if it fails."""
    try:
        with os.fdopen(writing, "wb") as pipe:
            answer = work()
            pipe.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
            for step in further:
                pipe.flush()
                answer = step(answer)
                pipe.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    finally:
        # Whatever happened: not one step of what the other process does is done here too.
        os._exit(0)


def _received(answers: BufferedReader, steps: Sequence[Callable[..., Any]], had: list[Any]) -> Any:  # noqa: ANN401
    """What the next step returns; ``had`` are the answers before, and it is added to them."""
    try:
        answer = pickle.load(answers)  # noqa: S301  # by ourselves, a moment ago
    except (EOFError, pickle.UnpicklingError):
        # It failed there, and so it does here, where it can be told.
        answer = steps[len(had)](*had[-1:])
    had.append(answer)
    return answer
