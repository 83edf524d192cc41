"""Cases, what they are tried on, and when they have passed."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeAlias

from hostile.client import PATIENCE, Answer, Client
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

SHORT = 0.3
"""Seconds that an endless query asks for, where it does not matter which deadline ends it."""
STATES = ("running", "stopped", "waiting")
"""Of queries under way."""


@dataclass
class Target:
    """A server that is tried.

    timeout: seconds that a query may take there, more than ``SHORT``. tree: its processes. soak: seconds.
    listener: an address where nobody must be asked. hostile: clients of the soak that are so. notes: what was
    measured. numbers: no two of them are the same.
    """

    client: Client
    timeout: float
    tree: Tree
    soak: float = 3.0
    listener: str = ""
    hostile: int = 2
    notes: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def fresh(self, text: str) -> str:
        """The same query as nobody has asked it before, so that no answer is there that was kept."""
        return f"{text} # {next(self.numbers)}"

    def metrics(self) -> dict[str, float]:
        """The numbers of /metrics, all of one moment, by name with labels."""
        lines = self.client.get("/metrics").body.decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    def outcomes(self, outcome: str) -> float:
        """How many queries have had this outcome."""
        return self.metrics().get(f'bibgraph_queries_total{{outcome="{outcome}"}}', 0)

    def under_way(self) -> dict[str, float]:
        """How many queries are running, stopped and waiting; bytes of large answers on their way."""
        metrics = self.metrics()
        states = {state: metrics[f'bibgraph_under_way{{state="{state}"}}'] for state in STATES}
        return {**states, "outgoing": metrics["bibgraph_outgoing_bytes"]}

    def until(self, happened: Callable[[], object], never: str = "it does not happen") -> None:
        """Wait for what is to happen. Raises AssertionError, which says ``never``, if it does not."""
        ends = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < ends, never
            time.sleep(0.02)

    def until_quiet(self) -> None:
        """Wait until no query is under way, and no large answer."""
        self.until(lambda: not any(self.under_way().values()), "something goes on")


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
    assert answer.seconds < 2 * target.timeout + PATIENCE, answer.seconds


def refused(answer: Answer, *statuses: int) -> None:
    """Raise AssertionError unless the answer has one of the statuses, and says why."""
    assert answer.status in statuses, (answer.status, answer.body[:200])
    assert answer.body, answer.headers
    assert b"Traceback" not in answer.body
    assert b'File "' not in answer.body


def sound(target: Target) -> None:
    """Raise AssertionError unless the known questions are right and the processes within bounds."""
    for text, values in KNOWN.items():
        rows = target.client.rows(target.fresh(text))
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
        target.until_quiet()
        one.run(target)
        sound(target)
    except Exception as error:  # noqa: BLE001  # whatever the server answers must not end the battery
        at = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"{type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno}: {at.line})"
    return Verdict(one, problem, time.monotonic() - began)
