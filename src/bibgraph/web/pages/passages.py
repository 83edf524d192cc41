"""A document's text line by line: which characters are quoted and which are faulty, in passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from bibgraph.sources import Document, LayoutPassage, Quotation, Span, Words, spans

_EACH = 10


@dataclass(frozen=True)
class Piece:
    """A run of characters of a line. quoted, faulty: how it is marked."""

    text: str
    quoted: bool
    faulty: bool


@dataclass(frozen=True)
class Line:
    """A line. layout: it says nothing itself. linked: its number is a link; few are, for keyboards' sake."""

    number: int
    pieces: Sequence[Piece]
    layout: bool
    lit: bool
    linked: bool

    @property
    def runs(self) -> list[tuple[bool, list[Piece]]]:
        """Its pieces, those that are quoted together apart from the others."""
        return [(quoted, list(run)) for quoted, run in groupby(self.pieces, key=lambda piece: piece.quoted)]

    @property
    def blank(self) -> bool:
        """Whether there is nothing on it."""
        return not any(piece.text.strip() for piece in self.pieces)

    @property
    def quoted(self) -> bool:
        """Whether some of it is quoted."""
        return any(piece.quoted for piece in self.pieces)


@dataclass(frozen=True)
class Passage:
    """Lines that belong together, and the quotations that begin there."""

    lines: Sequence[Line]
    quotations: Sequence[Quotation]

    @property
    def first(self) -> int:
        """The number of its first line."""
        return self.lines[0].number


@dataclass(frozen=True)
class Lit:
    """The lines that a reader was led to."""

    first: int = 0
    last: int = 0

    def has(self, number: int) -> bool:
        """Whether this line is one of them."""
        return self.first <= number <= self.last


def passages(
    document: Document,
    quotations: Iterable[Quotation],
    layout: Iterable[LayoutPassage],
    faults: Mapping[str, Sequence[str]],
    lit: Lit,
) -> list[Passage]:
    """The whole text. faults: by quotation, the words in it that are faulty."""
    cited = sorted((q for q in quotations if q.cited), key=lambda q: (q.first, -q.last, q.iri))
    placed = [(q, _span(document, q)) for q in cited if document.holds(q.first, q.last)]
    flags = _Flags(document)
    for quotation, span in placed:
        if span:
            flags.quote(span)
        for words in faults.get(quotation.iri, ()):
            flags.fault(_span(document, quotation, words))
    still = {n for passage in layout for n in range(passage.first, passage.last + 1)}
    found = []
    for first, last in _blocks(document, [(q.first, q.last) for q, _ in placed], still):
        lines = [_line(flags, n, lit, layout=n in still, begins=n == first) for n in range(first, last + 1)]
        found.append(Passage(lines, [q for q, _ in placed if first <= q.first <= last]))
    return found


class _Flags:
    """For each character of a document, whether it is quoted and whether it is faulty."""

    def __init__(self, document: Document) -> None:
        self.lines = document.lines
        self.starts = [0]
        for line in document.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self._quoted = bytearray(self.starts[-1])
        self._faulty = bytearray(self.starts[-1])

    def quote(self, span: Span) -> None:
        self._quoted[span.start : span.end] = b"\1" * (span.end - span.start)

    def fault(self, span: Span | None) -> None:
        if span:
            self._faulty[span.start : span.end] = b"\1" * (span.end - span.start)

    def pieces(self, number: int) -> Iterator[Piece]:
        start, text = self.starts[number - 1], self.lines[number - 1]
        marks = [(self._quoted[start + at], self._faulty[start + at]) for at in range(len(text))]
        at = 0
        for (quoted, faulty), run in groupby(marks):
            length = len(list(run))
            yield Piece(text[at : at + length], bool(quoted), bool(faulty))
            at += length


def _line(flags: _Flags, number: int, lit: Lit, *, layout: bool, begins: bool) -> Line:
    pieces = list(flags.pieces(number))
    return Line(number, pieces, layout, lit.has(number), begins or number % _EACH == 0)


def _span(document: Document, quotation: Quotation, words: str = "") -> Span | None:
    """Where a quotation, or words in it, stand in the whole text; None if they do not."""
    text = document.text(quotation.first, quotation.last)
    wanted = Words.of(words or quotation.text, quotation.broken)
    found = next(iter(spans(text, wanted, range(len(text)))), None)
    before = sum(len(line) + 1 for line in document.lines[: quotation.first - 1])
    return Span(found.start + before, found.end + before) if found else None


def _blocks(
    document: Document, ranges: Sequence[tuple[int, int]], still: set[int]
) -> Iterator[tuple[int, int]]:
    """Ranges of lines that together are all lines: where one begins, no quotation goes on."""
    total = len(document.lines)
    inside = {n for first, last in ranges for n in range(first + 1, last + 1)}
    starts = {1, *(first for first, _ in ranges)}
    for number in range(2, total + 1):
        ends = {last + 1 for _, last in ranges}
        changes = number in ends or (number in still) != (number - 1 in still)
        if changes and document.lines[number - 1].strip():
            starts.add(number)
    bounds = sorted(starts - inside)
    yield from ((first, following - 1) for first, following in pairwise([*bounds, total + 1]))
