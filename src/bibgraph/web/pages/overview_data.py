"""What pages tell of the strategies as a whole: boards, dates of reports, milestones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from bibgraph.describe import Describer, Names, Row, select, value_of
from bibgraph.graph import Graph
from bibgraph.web.documents.sections import fill
from bibgraph.web.parts.evidence import Proof, mentioned, proofs
from bibgraph.web.pictures.bands import TimeLine, time_line
from bibgraph.web.pictures.board import Board, Marks, board, marks

LATELY = 8
"""So many happenings of late, and so many to come, are shown where not all are."""


@dataclass(frozen=True)
class Reported:
    """A strategy that has measures, and the days of the reports on it, the newest first."""

    strategy: str
    days: Sequence[str]


class Overview:
    """Asks ``graph`` about all strategies, measures and milestones."""

    def __init__(self, graph: Graph, describer: Describer) -> None:
        self.graph = graph
        self.describer = describer

    @cached_property
    def marks(self) -> Marks:
        """The statuses and their signs."""
        return marks(self._rows("page-marks"))

    def strategies(self) -> list[Reported]:
        """The strategies with measures, that with the newest report first."""
        days: dict[str, list[str]] = {}
        for row in self._rows("page-reports"):
            found = days.setdefault(value_of(row["strategy"]), [])
            issued = value_of(row["issued"])
            if issued and issued not in found:
                found.append(issued)
        return [Reported(strategy, found) for strategy, found in days.items()]

    def board_rows(self, strategy: str) -> list[Row]:
        """The measures of a strategy with all that reports say of them."""
        text = self.graph.repository.query("pages/page-board")
        return list(select(self.graph.store, fill(text, thing=[ox.NamedNode(strategy)])))

    def board(self, strategy: str, day: str = "") -> Board:
        """The board of a strategy as of a day; empty for the newest report."""
        return board(self.board_rows(strategy), self.marks, day)

    def milestones(self) -> list[Row]:
        """All milestones, the earliest first."""
        return self._rows("page-milestones")

    def names(self, *iris: Iterable[str], evidence: Mapping[str, Sequence[Proof]] | None = None) -> Names:
        """The names of these things and of what the evidence names."""
        wanted = {iri for some in iris for iri in some if iri} | mentioned(evidence or {})
        return self.describer.names(wanted)

    def proofs(self, things: Iterable[str]) -> Mapping[str, Sequence[Proof]]:
        """The evidence of these things."""
        return proofs(self.describer, {thing for thing in things if thing})

    def _rows(self, name: str) -> list[Row]:
        return list(select(self.graph.store, self.graph.repository.query(f"pages/{name}")))


def lately(rows: Sequence[Row], day: str, reported: str) -> TimeLine | None:
    """The last that had happened by a day, and the first that was to come, as was known by then.

    reported: the day of the newest report by then, empty for none. What it announced stays announced until
    another says how it went.
    """
    known = [row for row in rows if value_of(row["issued"]) <= day]
    past = [row for row in known if value_of(row["promised"]) != "true" and value_of(row["earliest"]) <= day]
    to_come = [row for row in known if value_of(row["promised"]) == "true"]
    promised = [row for row in to_come if value_of(row["latest"]) > (reported or day)]
    return time_line([*past[-LATELY:], *promised[:LATELY]], reported)


def named_in(line: TimeLine | None) -> set[str]:
    """What a time line names."""
    bands = line.bands if line else ()
    return {iri for band in bands for iri in (band.milestone, value_of(band.row.get("measure"))) if iri}
