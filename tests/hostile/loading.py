"""Groups load and soak: many clients, some of whom mean ill."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from urllib.parse import quote

from hostile.cases import KNOWN, SHORT, Target, case
from hostile.client import Answer
from hostile.evaluating import NEVER
from hostile.parsing import BROKEN, DEEP
from hostile.reaching import REACH, WRITE

HEAVY = NEVER["product-count"]
_MANY = 64
_TRIES = 10
_LEAST = 25


def polite(target: Target, number: int) -> tuple[bool, float, int]:
    """Whether a known question is answered right, in how many seconds, with what status."""
    text, values = list(KNOWN.items())[number % len(KNOWN)]
    answer = target.client.query(target.fresh(text))
    right = answer.status == 200 and all(f'"value":"{value}"'.encode() in answer.body for value in values)
    return right, answer.seconds, answer.status


def percentile(seconds: list[float], share: float) -> float:
    """The time that this share of all stayed within."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


class _Crowd:
    """Heavy queries from one other address, all of them sent at one time: ``with`` all of it at an end."""

    def __init__(self, target: Target, accept: str) -> None:
        self._target, self._accept = target, accept
        self._there = target.client.elsewhere()
        self._threads = ThreadPoolExecutor(_MANY)
        self._heavy: list[Future[Answer]] = []

    def __enter__(self) -> _Crowd:
        """They have come, and more of them wait than are worked at."""
        for _ in range(_MANY):
            text = self._target.fresh(HEAVY)
            query = partial(self._there.query, text, self._accept, more="&timeout=0.5")
            self._heavy.append(self._threads.submit(query))
        self._target.until(self._waits)
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()

    def answered(self) -> int:
        """How many of them have got their answer."""
        return sum(one.done() for one in self._heavy)

    def statuses(self) -> Counter[int]:
        """Of the answers to all of them."""
        return Counter(one.result().status for one in self._heavy)

    def _waits(self) -> bool:
        states = self._target.under_way()
        return states["waiting"] > states["running"] or self.answered() > _MANY // 2


@case("load", "fair-beside-64-heavy-queries")
def _fair(target: Target) -> None:
    with _Crowd(target, "application/sparql-results+json") as crowd:
        found, before = [], []
        for number in range(30):
            found.append(polite(target, number))
            before.append(crowd.answered())
        statuses = crowd.statuses()
    assert all(right for right, _, _ in found), [one for one in found if not one[0]]
    assert before[0] < _MANY // 2, before  # it had not to wait for those who had come before
    target.notes["fair"] = (
        f"p99 {percentile([seconds for _, seconds, _ in found], 0.99) * 1000:.0f} ms, {statuses}, {before}"
    )
    assert set(statuses) <= {429, 503, 504}, statuses


@case("load", "fair-beside-64-heavy-pages")
def _fair_pages(target: Target) -> None:
    with _Crowd(target, "text/html") as crowd:
        page = target.client.get(f"/?x={next(target.numbers)}", "text/html")
        wrong = target.client.query(target.fresh("SELECT {"))
        before = crowd.answered()
        statuses = crowd.statuses()
    assert (page.status, wrong.status) == (200, 400)
    assert before < _MANY // 2, before  # nor had these
    target.notes["fair pages"] = f"{page.seconds * 1000:.0f} ms, {wrong.seconds * 1000:.0f} ms, {before}"
    assert set(statuses) <= {429, 503, 504}, statuses


@case("load", "every-refusal-says-when-to-come-back")
def _later(target: Target) -> None:
    with ThreadPoolExecutor(80) as threads:
        ask = partial(target.client.query, more=f"&timeout={SHORT}")
        answers = list(threads.map(ask, [target.fresh(HEAVY) for _ in range(80)]))
    for answer in answers:
        members = answer.members()
        assert members["limit"] in ("queue", "wait", "workers", "timeout", "memory", "client-budget"), members
        if answer.status in (429, 503) and members["limit"] != "memory":
            assert int(answer.headers["retry-after"]) > 0, answer.headers


@case("load", "a-client-that-leaves-frees-its-worker")
def _left(target: Target) -> None:
    _leave(target, "*/*", 6)


@case("load", "a-client-that-leaves-a-page-frees-its-worker")
def _left_page(target: Target) -> None:
    _leave(target, "text/html", 1)


def _leave(target: Target, accept: str, count: int) -> None:
    """Ask what never ends and leave, until a worker was freed for that rather than by its deadline."""
    left, late = target.outcomes("left"), target.outcomes("timeout")
    for _ in range(_TRIES):  # where nothing happens for seconds, queries are late before their clients leave
        with ExitStack() as stack:
            for _ in range(count):
                connection = stack.enter_context(target.client.connection())
                page = "/sparql?query=" + quote(target.fresh(HEAVY))
                connection.send(target.client.written("GET", page, [("Accept", accept)]))
            target.until(lambda: target.under_way()["running"])
        target.until_quiet()
        if target.outcomes("left") - left >= count:
            return
    raise AssertionError(f"they go on: {target.outcomes('left') - left}, {target.outcomes('timeout') - late}")


@case("load", "a-burst-of-new-connections")
def _burst(target: Target) -> None:
    with ThreadPoolExecutor(64) as threads:
        found = list(threads.map(lambda number: polite(target, number), range(600)))
    statuses = Counter(status for _, _, status in found)
    assert set(statuses) <= {200, 503}, statuses
    assert all(right for right, _, status in found if status == 200)
    assert statuses[200] > 300, statuses


@case("load", "caches-stay-small")
def _caches(target: Target) -> None:
    before = target.tree.memory()
    with ThreadPoolExecutor(8) as threads:
        list(
            threads.map(
                lambda number: target.client.get(
                    f"/sparql?query=ASK%7B%7D&x={number}{'y' * 30000}",
                    f"application/sparql-results+json;x={'z' * 20000}{number}",
                ),
                range(3000),
            )
        )
    assert target.tree.memory() - before < 150 * 1024 * 1024, "what is kept has grown beyond all bounds"


@case("soak", "mixed")
def _mixed(target: Target) -> None:
    soak(target, target.soak, target.hostile)


def soak(target: Target, seconds: float, hostile: int, friendly: int = 4) -> dict[str, object]:
    """Polite and hostile clients side by side; AssertionError for a wrong answer. What was seen, by name."""
    ends = time.monotonic() + seconds
    texts = [
        *NEVER.values(),
        *(text for text in DEEP.values() if len(text) < 200_000),
        *BROKEN.values(),
        *REACH.values(),
        *WRITE.values(),
    ]
    before = target.tree.memory()

    def be_hostile(seed: int) -> Counter[int]:
        chance, seen = random.Random(seed), Counter[int]()  # noqa: S311  # no secret
        while time.monotonic() < ends:
            text = target.fresh(chance.choice(texts).replace("URL", f"{target.listener}soak"))
            if chance.random() < 0.1:
                with target.client.connection() as connection:
                    connection.send(target.client.written("GET", "/sparql?query=" + quote(text[:3000])))
                    time.sleep(chance.random() * SHORT)
                seen[0] += 1
                continue
            accept = chance.choice(("*/*", "application/sparql-results+json", "text/html", "text/csv"))
            more = f"&timeout={chance.uniform(0.05, 2 * SHORT):.2f}" if chance.random() < 0.9 else ""
            seen[target.client.query(text, accept, more=more).status] += 1
        return seen

    def be_polite(seed: int) -> list[tuple[bool, float, int]]:
        found: list[tuple[bool, float, int]] = []
        number = seed
        while time.monotonic() < ends or len(found) < _LEAST:
            found.append(polite(target, number))
            number += 1
        return found

    with ThreadPoolExecutor(hostile + friendly) as threads:
        bad: list[Future[Counter[int]]] = [threads.submit(be_hostile, seed) for seed in range(hostile)]
        good = [threads.submit(be_polite, seed + 1) for seed in range(friendly)]
        answered = [one for each in good for one in each.result()]
        statuses: Counter[int] = sum((each.result() for each in bad), Counter())
    times = [took for _, took, _ in answered]
    seen: dict[str, object] = {
        "polite": len(answered),
        "wrong": sum(status == 200 and not right for right, _, status in answered),
        "refused": sum(status in (429, 503, 504) for _, _, status in answered),
        "other": sum(status not in (200, 429, 503, 504) for _, _, status in answered),
        "p50 ms": round(percentile(times, 0.5) * 1000, 1),
        "p99 ms": round(percentile(times, 0.99) * 1000, 1),
        "worst ms": round(max(times) * 1000),
        "hostile": sum(statuses.values()),
        "hostile by status": dict(sorted(statuses.items())),
        "MiB before": before >> 20,
        "MiB after": target.tree.memory() >> 20,
        "zombies": len(target.tree.zombies()),
    }
    target.notes["soak"] = ", ".join(f"{name} {value}" for name, value in seen.items())
    assert not seen["wrong"], seen
    assert not seen["other"], seen
    assert not seen["zombies"], seen
    assert len(answered) > 20 * int(str(seen["refused"])), seen
    assert set(statuses) <= {0, 200, 400, 403, 406, 413, 414, 429, 503, 504}, seen
    return seen
