"""Group kill: processes that end from outside, as the system ends them when memory runs out."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from hostile.cases import Target, case, sound
from hostile.loading import HEAVY, polite

_SOON = 10.0


def _until_right(target: Target, number: int) -> float:
    """Seconds until a known question is answered right again."""
    began = time.monotonic()
    while not polite(target, number)[0]:
        assert time.monotonic() - began < _SOON, "no right answer any more"
        number += 1
    return time.monotonic() - began


@case("kill", "idle-workers")
def _idle(target: Target) -> None:
    back = []
    for number in range(5):
        for pid in target.tree.workers():
            os.kill(pid, signal.SIGKILL)
        back.append(_until_right(target, 3000 + number * 100))
    target.notes["kill.idle"] = (
        f"right again after {median(back) * 1000:.0f} ms (median), {max(back) * 1000:.0f} ms at most"
    )


@case("kill", "workers-mid-query")
def _busy(target: Target) -> None:
    with ThreadPoolExecutor(2) as threads:
        heavy = threads.submit(target.client.query, f"{HEAVY} # killed")
        time.sleep(min(0.15, target.timeout / 3))
        for pid in target.tree.workers():
            os.kill(pid, signal.SIGKILL)
        answer = heavy.result()
    assert answer.status in (503, 504), answer.status
    assert answer.members()["detail"]
    _until_right(target, 4000)


@case("kill", "zygote")
def _zygote(target: Target) -> None:
    old = target.tree.zygote()
    os.kill(old, signal.SIGKILL)
    seconds = _until_right(target, 5000)
    target.notes["kill.zygote"] = f"right again after {seconds * 1000:.0f} ms"
    ends = time.monotonic() + _SOON
    while target.tree.zygote() in (0, old):
        assert time.monotonic() < ends, "no new one"
        time.sleep(0.02)
    sound(target)


@case("kill", "zygote-mid-query")
def _zygote_busy(target: Target) -> None:
    with ThreadPoolExecutor(12) as threads:
        heavy = [threads.submit(target.client.query, f"{HEAVY} # zygote {number}") for number in range(8)]
        time.sleep(min(0.15, target.timeout / 3))
        os.kill(target.tree.zygote(), signal.SIGKILL)
        statuses = {one.result().status for one in heavy}
    assert statuses <= {429, 503, 504}, statuses
    _until_right(target, 6000)
    sound(target)
