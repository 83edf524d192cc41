"""Cases, what they are tried on, and when they have passed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from hostile.client import Answer, Client
from hostile.data import BASE
from hostile.tree import Tree

ROOM = 512 * 1024 * 1024
"""Bytes that the tree of processes may grow by, beside what the workers may take."""

KNOWN = {
    "SELECT (2 * 21 AS ?n) {}": ["42"],
    f"SELECT (COUNT(*) AS ?n) {{ ?item <{BASE}number> ?value }}": ["200"],
    f"SELECT ?n {{ <{BASE}item/7> <{BASE}next> ?next . ?next <{BASE}number> ?n }}": ["8"],
}
"""Questions with their answers, asked after each case."""


@dataclass
class Target:
    """A server that is tried.

    timeout: seconds that a query may take there. tree: its processes. soak: seconds. listener: an address
    where nobody must be asked. hostile: clients of the soak that are so. notes: what was measured.
    """

    client: Client
    timeout: float
    tree: Tree
    soak: float = 3.0
    listener: str = ""
    hostile: int = 2
    notes: dict[str, str] = field(default_factory=dict)

    def metric(self, name: str) -> float:
        """A number of /metrics; 0 if it is not there yet."""
        lines = self.client.get("/metrics").body.decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))


@dataclass(frozen=True)
class Case:
    """One thing that a stranger may do.

    run: does it, and raises AssertionError unless all goes as it should. patient: takes longer than a test
    suite waits.
    """

    group: str
    name: str
    run: Callable[[Target], None]
    patient: bool = False


Run: TypeAlias = Callable[[Target], None]
CASES: list[Case] = []


def case(group: str, name: str, *, patient: bool = False) -> Callable[[Run], Run]:
    """Register a function as a case."""

    def register(run: Run) -> Run:
        CASES.append(Case(group, name, run, patient))
        return run

    return register


def bounded(target: Target, answer: Answer, *limits: str) -> None:
    """Raise AssertionError unless a limit is named with its value, or the answer is a whole 200.

    limits: those that may be named; any if there are none.
    """
    if answer.status == 200:
        assert not limits or "200" in limits, "it was answered"
        return
    members = answer.members()
    assert members["status"] == answer.status
    if answer.status == 400 and "limit" not in members:
        assert "400" in limits or not limits, members
        assert members.get("detail"), members
        return
    assert members.get("limit"), members
    assert members.get("value"), members
    assert not limits or members["limit"] in limits, members
    assert answer.seconds < 2 * target.timeout + 12, answer.seconds


def refused(answer: Answer, *statuses: int) -> None:
    """Raise AssertionError unless the answer has one of the statuses, and says why."""
    assert answer.status in statuses, (answer.status, answer.body[:200])
    assert answer.body, answer.headers
    assert b"Traceback" not in answer.body
    assert b'File "' not in answer.body


def sound(target: Target) -> None:
    """Raise AssertionError unless the known questions are right and the processes within bounds."""
    for text, values in KNOWN.items():
        rows = target.client.rows(text)
        assert [row["n"] for row in rows] == values, (text, rows)
    grown = target.tree.grown()
    assert grown < ROOM, f"{grown >> 20} MiB more than at the start"
    assert not target.tree.zombies()


@dataclass(frozen=True)
class Verdict:
    """How a case went. problem: what was wrong; empty if it passed."""

    case: Case
    problem: str
    seconds: float


def tried(target: Target, cases: Sequence[Case]) -> list[Verdict]:
    """What comes of each case."""
    return [_tried(target, one) for one in cases]


def _tried(target: Target, one: Case) -> Verdict:
    began, problem = time.monotonic(), ""
    try:
        one.run(target)
        sound(target)
    except Exception as error:  # noqa: BLE001  # whatever the server answers must not end the battery
        problem = f"{type(error).__name__}: {error}"
    return Verdict(one, problem, time.monotonic() - began)
