"""What the measurements found, in the shape of ``docs/benchmarks.json``."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

from endpoints.load import Load

CACHED = "same text"
FRESH = "new text"
VARIANTS = (CACHED, FRESH)


@dataclass
class Cell:
    """One server under one load: a number for each round, times in milliseconds."""

    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    refused: int = 0
    broken: int = 0

    def add(self, load: Load) -> None:
        """One round more."""
        self.rates.append(round(load.rate, 1))
        self.p50.append(round(load.p50, 3))
        self.p99.append(round(load.p99, 3))
        self.refused += load.refused
        self.broken += load.broken

    @property
    def median(self) -> float:
        """The median of the rates."""
        return statistics.median(self.rates) if self.rates else 0.0


@dataclass
class Hostile:
    """Look-ups at a steady rate, without and with hostile clients beside them."""

    due: int
    quiet: Load
    beside: Load
    hostile: dict[str, int]
    ended: str = ""


@dataclass
class Loaded:
    """A server with a graph: seconds to load it onto disk and from start to answer; memory in MiB."""

    prepared: float
    started: float
    memory: float
    resident: float


Table = dict[str, dict[str, dict[str, Cell]]]
"""Cells by workload, variant and server."""


@dataclass
class AtScale:
    """All that was measured on one graph."""

    scale: int
    triples: int
    graphs: int
    questions: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, Loaded] = field(default_factory=dict)
    worked: dict[str, float] = field(default_factory=dict)
    wrong: dict[str, dict[str, str]] = field(default_factory=dict)
    cells: Table = field(default_factory=dict)
    cold: dict[str, list[float]] = field(default_factory=dict)
    hostile: dict[str, Hostile] = field(default_factory=dict)

    def cell(self, workload: str, variant: str, server: str) -> Cell:
        """The cell, made when it is not there yet."""
        return self.cells.setdefault(workload, {}).setdefault(variant, {}).setdefault(server, Cell())

    def ratio(self, ours: str, theirs: str, variant: str) -> tuple[float, int]:
        """How many times as fast ``ours`` is, and over how many questions.

        That is the geometric mean over the questions that both answer rightly.
        """
        found = [
            (cells[ours].median, cells[theirs].median)
            for name in self.questions
            if ours in (cells := self.cells.get(name, {}).get(variant, {})) and theirs in cells
            if name not in self.wrong.get(ours, {}) and name not in self.wrong.get(theirs, {})
        ]
        return geometric_mean(one / other for one, other in found if one and other), len(found)

    def mean_rate(self, server: str, variant: str) -> float:
        """The geometric mean of the rates over the questions it answers rightly."""
        cells = (
            self.cells.get(name, {}).get(variant, {}).get(server)
            for name in self.questions
            if name not in self.wrong.get(server, {})
        )
        return geometric_mean(cell.median for cell in cells if cell)


@dataclass
class Grown:
    """One server on one graph of a growing row: what loading took, and each question in milliseconds."""

    loaded: Loaded | None = None
    times: dict[str, float] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    skipped: str = ""

    @property
    def mean(self) -> float:
        """The geometric mean of the times."""
        return geometric_mean(self.times.values())


@dataclass
class Growth:
    """All servers on one graph of a growing row."""

    scale: int
    triples: int
    servers: dict[str, Grown] = field(default_factory=dict)


@dataclass
class Results:
    """Everything, with what it was measured on.

    questions, every: how many questions there are, and of how many each time one was timed.
    """

    command: str
    machine: dict[str, str]
    cores: int = 1
    questions: int = 0
    every: int = 1
    names: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    null: Load | None = None
    own: list[float] = field(default_factory=list)
    scales: list[AtScale] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)


def geometric_mean(values: Iterable[float]) -> float:
    """The geometric mean of what is above zero; 0 if nothing is."""
    logarithms = [math.log(value) for value in values if value > 0]
    return math.exp(statistics.fmean(logarithms)) if logarithms else 0.0
