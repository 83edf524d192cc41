"""Group kill: processes that end from outside, as the system ends them when memory runs out."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import count
from statistics import median

from hostile.cases import SHORT, Target, case, sound
from hostile.loading import HEAVY, polite
from hostile.tree import ended

_TRIES = 3


def _until_right(target: Target, number: int) -> float:
    """Seconds until a known question is answered right again."""
    began, numbers = time.monotonic(), count(number)
    target.until(lambda: polite(target, next(numbers))[0], "no right answer any more")
    return time.monotonic() - began


def _kill(target: Target, pids: Sequence[int], children: Sequence[int] = ()) -> None:
    """Kill these; come back when they have ended, and with them their children."""
    for pid in pids:
        with suppress(ProcessLookupError):  # one may have been replaced since
            os.kill(pid, signal.SIGKILL)
    target.until(lambda: ended((*pids, *children)), "they live on")


@case("kill", "idle-workers")
def _idle(target: Target) -> None:
    back = []
    for number in range(5):
        _kill(target, target.tree.workers())
        back.append(_until_right(target, 3000 + number * 100))
    target.notes["kill.idle"] = (
        f"right again after {median(back) * 1000:.0f} ms (median), {max(back) * 1000:.0f} ms at most"
    )


@case("kill", "workers-mid-query")
def _busy(target: Target) -> None:
    statuses = []
    for _ in range(_TRIES):  # where nothing happens for seconds the query is late before anybody kills it
        with ThreadPoolExecutor(2) as threads:
            heavy = threads.submit(target.client.query, target.fresh(HEAVY))
            target.until(lambda: target.under_way()["running"])
            _kill(target, target.tree.workers())
            answer = heavy.result()
        assert answer.members()["detail"]
        _until_right(target, 4000)
        statuses.append(answer.status)
        if answer.status == 503:
            break
    assert statuses[-1] == 503, statuses


@case("kill", "zygote")
def _zygote(target: Target) -> None:
    old = target.tree.zygote()
    _kill(target, [old], target.tree.workers())
    seconds = _until_right(target, 5000)
    target.notes["kill.zygote"] = f"right again after {seconds * 1000:.0f} ms"
    target.until(lambda: target.tree.zygote() not in (0, old), "no new one")
    sound(target)


@case("kill", "zygote-mid-query")
def _zygote_busy(target: Target) -> None:
    with ThreadPoolExecutor(12) as threads:
        ask = partial(target.client.query, more=f"&timeout={SHORT}")
        heavy = [threads.submit(ask, target.fresh(HEAVY)) for _ in range(8)]
        target.until(lambda: target.under_way()["running"])
        _kill(target, [target.tree.zygote()], target.tree.workers())
        statuses = {one.result().status for one in heavy}
    assert statuses <= {429, 503, 504}, statuses
    _until_right(target, 6000)
    sound(target)
