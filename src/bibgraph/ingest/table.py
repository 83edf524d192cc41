"""A status report as the table that it is, whatever document it came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from bibgraph.ingest.manuscript import Manuscript, Piece


@dataclass(frozen=True)
class Mention:
    """A unit in the column of responsibility: as printed, its IRI (empty if unknown), the brackets."""

    stated: str
    unit: str
    in_brackets: bool


@dataclass
class Row:
    """A row as printed; what the report leaves out is empty.

    number: 0 where none is printed. wording: in several pieces if a page ends within it. answer: what stands
    beside the wording, from the first unit to the end of the comment. status: the IRI of the code.
    unread: the first words beside the units, where no known status words stand there though text does.
    line_unsure: whether a new page repeats the head above it, or begins another table without a main line.
    beside: what a cell has after its status words, with which the comment begins then.
    """

    number: int = 0
    part: str = ""
    line: str = ""
    line_unsure: bool = False
    wording: list[Piece] = field(default_factory=list)
    responsible: Piece | None = None
    mentions: tuple[Mention, ...] = ()
    status_stated: str = ""
    status: str = ""
    unread: str = ""
    beside: Piece | None = None
    comment: list[Piece] = field(default_factory=list)
    answer: list[Piece] = field(default_factory=list)
    links: list[tuple[str, Piece]] = field(default_factory=list)


@dataclass
class Table:
    """All of a report: front is what stands before the first table, lines are headings of main lines.

    layout: pieces that say nothing, each with the name of the reason; loose: links that belong to no row.
    """

    manuscript: Manuscript
    front: list[Piece] = field(default_factory=list)
    parts: list[tuple[str, Piece]] = field(default_factory=list)
    lines: list[tuple[str, Piece]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    legend: list[tuple[str, Piece]] = field(default_factory=list)
    layout: list[tuple[str, Piece]] = field(default_factory=list)
    loose: list[Piece] = field(default_factory=list)

    def words(self, pieces: list[Piece]) -> str:
        """The words of several pieces, as one text."""
        return " ".join(self.manuscript.words(piece) for piece in pieces)
