"""The measures of a strategy as a board: main lines by status, as of a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bibgraph.describe import Row, natural, value_of

NONE = ""
"""The status of what no report says anything of."""


@dataclass(frozen=True)
class Mark:
    """How a status is drawn: ``name`` of the sign."""

    code: str
    name: str


@dataclass(frozen=True)
class Marks:
    """The statuses in their order on boards; the last is none."""

    listed: Sequence[Mark]

    def of(self, code: str) -> str:
        """The name of the sign for a status."""
        return next((mark.name for mark in self.listed if mark.code == code), "other" if code else "none")


def marks(rows: Iterable[Row]) -> Marks:
    """The statuses out of the rows of ``queries/pages/page-marks.rq``."""
    found = [Mark(value_of(row["code"]), value_of(row["mark"]) or "other") for row in rows]
    return Marks([*found, Mark(NONE, "none")])


@dataclass(frozen=True)
class Entry:
    """A measure on the board. number: as printed, or its key. words: the status as printed."""

    measure: str
    number: str
    line: str
    part: str
    code: str
    words: str
    who: str
    doubtful: bool
    observation: str
    issued: str


@dataclass(frozen=True)
class Line:
    """A row of the board: a main line, or a part some of whose measures have none. cells: by status."""

    line: str
    part: str
    order: str
    cells: Mapping[str, Sequence[Entry]]


@dataclass(frozen=True)
class Board:
    """The measures by main line and status. asof: the day of the latest report that it shows."""

    lines: Sequence[Line]
    marks: Marks
    asof: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def columns(self) -> list[Mark]:
        """The statuses; of those without a sign of their own, such as some measure has."""
        return [mark for mark in self.marks.listed if mark.name != "other" or self.counts.get(mark.code)]

    @property
    def entries(self) -> list[Entry]:
        """All measures, row by row."""
        return [entry for line in self.lines for cell in line.cells.values() for entry in cell]

    def iris(self) -> set[str]:
        """All that it names."""
        found = {iri for entry in self.entries for iri in (entry.measure, entry.line, entry.part)}
        return {iri for iri in (*found, *(mark.code for mark in self.marks.listed)) if iri}


def board(rows: Sequence[Row], listed: Marks, day: str = "") -> Board:
    """The board as of ``day`` (ISO; empty for the newest report), from the rows of ``page-board.rq``."""
    latest: dict[str, Row] = {}
    for row in rows:
        measure, issued = value_of(row["measure"]), value_of(row["issued"])
        hidden = bool(day) and issued > day
        if measure not in latest or (not hidden and issued >= value_of(latest[measure]["issued"])):
            latest[measure] = _silent(row) if hidden else row
    entries = [(row, _entry(row)) for row in latest.values()]
    mixed = {entry.part for _, entry in entries if entry.part and not entry.line}
    lines: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    orders: dict[tuple[str, str], str] = {}
    for row, entry in entries:
        by_line = value_of(row["number"]) or not entry.part or entry.part not in mixed
        key = (entry.line, "") if by_line else ("", entry.part)
        lines[key].append(entry)
        orders[key] = value_of(row["order"])
    keys = sorted(lines, key=lambda key: (key[1], not key[0], natural(orders[key]), key[0]))
    shown = [Line(*key, orders[key], _cells(lines[key])) for key in keys]
    counts = Counter(entry.code for _, entry in entries)
    return Board(shown, listed, max((entry.issued for _, entry in entries), default=""), counts)


def _silent(row: Row) -> Row:
    """The same measure, with nothing reported."""
    said = ("observation", "report", "issued", "code", "words", "who", "doubt", "open")
    return {name: None if name in said else term for name, term in row.items()}


def _entry(row: Row) -> Entry:
    told = {name: value_of(row[name]) for name in row}
    return Entry(
        measure=told["measure"],
        number=told["number"] or told["key"].upper(),
        line=told["line"],
        part=told["part"],
        code=told["code"],
        words=told["words"],
        who=told["who"],
        doubtful="true" in (told["doubt"], told["open"]),
        observation=told["observation"],
        issued=told["issued"],
    )


def _cells(entries: Iterable[Entry]) -> Mapping[str, Sequence[Entry]]:
    cells: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: natural(each.number)):
        cells[entry.code].append(entry)
    return cells
