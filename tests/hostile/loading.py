"""Groups load and soak: many clients, some of whom mean ill."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import quote

from hostile.cases import KNOWN, Target, case
from hostile.evaluating import NEVER
from hostile.parsing import BROKEN, DEEP
from hostile.reaching import REACH, WRITE

HEAVY = NEVER["product-count"]
_FREE_WITHIN = 5.0
_TRIES = 10


def _fresh(text: str, number: int) -> str:
    """The same query as nobody has asked it before."""
    return f"{text} # {number}"


def polite(target: Target, number: int) -> tuple[bool, float, int]:
    """Whether a known question is answered right, in how many seconds, with what status."""
    text, values = list(KNOWN.items())[number % len(KNOWN)]
    answer = target.client.query(_fresh(text, number))
    right = answer.status == 200 and all(f'"value":"{value}"'.encode() in answer.body for value in values)
    return right, answer.seconds, answer.status


def percentile(seconds: list[float], share: float) -> float:
    """The time that this share of all stayed within."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


@case("load", "fair-beside-64-heavy-queries")
def _fair(target: Target) -> None:
    with ThreadPoolExecutor(80) as threads:
        there = target.client.elsewhere()
        heavy = [threads.submit(there.query, _fresh(HEAVY, number)) for number in range(64)]
        time.sleep(0.1)
        found = [polite(target, 1000 + number) for number in range(30)]
        statuses = Counter(one.result().status for one in heavy)
    assert all(right for right, _, _ in found), [one for one in found if not one[0]]
    assert percentile([seconds for _, seconds, _ in found], 0.5) < 1
    target.notes["fair"] = (
        f"p99 {percentile([seconds for _, seconds, _ in found], 0.99) * 1000:.0f} ms, {statuses}"
    )
    assert set(statuses) <= {429, 503, 504}, statuses


@case("load", "fair-beside-64-heavy-pages")
def _fair_pages(target: Target) -> None:
    with ThreadPoolExecutor(80) as threads:
        there = target.client.elsewhere()
        heavy = [threads.submit(there.query, _fresh(HEAVY, number), "text/html") for number in range(64)]
        time.sleep(0.2)
        began = time.monotonic()
        page = target.client.get("/", "text/html")
        wrong = target.client.query("SELECT {")
        seconds = time.monotonic() - began
        statuses = Counter(one.result().status for one in heavy)
    assert (page.status, wrong.status) == (200, 400)
    assert seconds < 1.5, f"two pages took {seconds:.1f} s"
    assert set(statuses) <= {429, 503, 504}, statuses


@case("load", "every-refusal-says-when-to-come-back")
def _later(target: Target) -> None:
    with ThreadPoolExecutor(80) as threads:
        answers = list(
            threads.map(lambda number: target.client.query(_fresh(HEAVY, number)), range(100, 180))
        )
    for answer in answers:
        members = answer.members()
        assert members["limit"] in ("queue", "wait", "workers", "timeout", "memory", "client-budget"), members
        if answer.status in (429, 503) and members["limit"] != "memory":
            assert int(answer.headers["retry-after"]) > 0, answer.headers


@case("load", "a-client-that-leaves-frees-its-worker")
def _left(target: Target) -> None:
    with ExitStack() as stack:
        for number in range(6):
            connection = stack.enter_context(target.client.connection())
            connection.send(
                target.client.written("GET", "/sparql?query=" + quote(_fresh(HEAVY, 200 + number)))
            )
        time.sleep(min(0.1, target.timeout / 4))
    gone = time.monotonic()
    names = [f'bibgraph_under_way{{state="{state}"}}' for state in ("running", "stopped", "waiting")]
    while any(target.metric(name) for name in names):
        assert time.monotonic() - gone < _FREE_WITHIN, "it goes on"
        time.sleep(0.02)


@case("load", "a-client-that-leaves-a-page-frees-its-worker")
def _left_page(target: Target) -> None:
    left = 'bibgraph_queries_total{outcome="left"}'
    before, tries = target.metric(left), 0
    while target.metric(left) == before:
        assert tries < _TRIES, "it goes on"
        tries += 1
        with target.client.connection() as connection:
            page = "/sparql?query=" + quote(_fresh(HEAVY, 300 + tries))
            connection.send(target.client.written("GET", page, [("Accept", "text/html")]))
            time.sleep(target.timeout / 3)
        time.sleep(target.timeout / 3)


@case("load", "a-burst-of-new-connections")
def _burst(target: Target) -> None:
    with ThreadPoolExecutor(64) as threads:
        found = list(threads.map(lambda number: polite(target, 2000 + number), range(600)))
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
            text = _fresh(
                chance.choice(texts).replace("URL", f"{target.listener}soak"), chance.randrange(10**9)
            )
            if chance.random() < 0.1:
                with target.client.connection() as connection:
                    connection.send(target.client.written("GET", "/sparql?query=" + quote(text[:3000])))
                    time.sleep(chance.random() * target.timeout)
                seen[0] += 1
                continue
            accept = chance.choice(("*/*", "application/sparql-results+json", "text/html", "text/csv"))
            seen[target.client.query(text, accept).status] += 1
        return seen

    def be_polite(seed: int) -> list[tuple[bool, float, int]]:
        found = []
        number = seed * 10**6
        while time.monotonic() < ends:
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
