"""Work shared among processes, where the system can fork them; elsewhere one process does it all."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_AT_ONCE = 4
_SELDOM = (50_000, 20, 50)
"""How seldom a process looks for what it needs no more: nearly all that it makes is short-lived."""
_job: list[Callable[[Any], Any]] = []
"""The one job of a process that was parted from the first."""


def _do(item: Any) -> Any:  # noqa: ANN401  # what it is only the job knows
    return _job[0](item)


def _calm() -> None:
    gc.set_threshold(*_SELDOM)


@contextmanager
def shared(
    job: Callable[[Item], Result], processes: int
) -> Iterator[Callable[[Iterable[Item]], Iterator[Result]]]:
    """What does the job for each of many items, by so many processes; the results come as they are ready.

    The job itself need not be fit to be sent to another process: each is parted from this one, and has what
    this one has.
    """
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():  # noqa: PLR2004  # one is no crowd
        yield lambda items: map(job, items)
        return
    _job.append(job)
    gc.collect()
    gc.freeze()  # what is there already is never looked at again, so that the processes go on sharing it
    try:
        with multiprocessing.get_context("fork").Pool(processes, _calm) as pool:
            yield lambda items: pool.imap_unordered(_do, items, chunksize=_AT_ONCE)
    finally:
        gc.unfreeze()
        _job.clear()
