"""Tables and paragraphs on pages, by the heads of the tables, the rules, and the places of the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import median_low

from bibgraph.ingest.gutters import Columns, Head, find_head, gutters
from bibgraph.ingest.heads import Heads, is_heading, is_legend
from bibgraph.ingest.lines import Line, Sheet, bodies
from bibgraph.ingest.parts import Part, table, with_links

_GAP = 0.6
"""Lines further apart than so much of their height belong to different paragraphs."""
_LOOSE = 0.15
"""Lines further apart than this, and more than most lines are, belong to different rows."""
_SIZE = 1.15
"""Letters so many times as high as others are those of a heading."""
_UNSEEN = 3
"""If more rows than this seem to begin for each rule that parts two, rules part something else."""
_WIDE = 0.8
"""A rule over so much of a table's width parts two of its rows."""
_NUMBER = re.compile(
    r"(?:[A-Z\u00c6\u00d8\u00c5][a-z\u00e6\u00f8\u00e5]+\s)?\d{1,2}\s?[.:]\s*(?:[A-Z\u00c6\u00d8\u00c5\u00ab]|\Z)"
)
_BEGINS = re.compile(r"[A-Z\u00c6\u00d8\u00c5\u00ab\u201c\"]")
_ENDED = re.compile(r"[.!?\u00bb)\u201d\"]\s*\Z")
_CUT_LINK = re.compile(
    r"(https?://\S*)\n(?!https?://)(\S*[/-]\S*(?=\n|\Z)|\S*/(?=\s)|(?<=[/-]\n)\S+\.\w\S*(?=\n|\Z))"
)
"""An address at the end of a line, and what goes on with it: a line of one piece, or what a stroke ends."""
_CUT_RANGE = re.compile(r"(?<=\d)\u2013\n(?=\d)")
_CUT_SIGN = re.compile(r"\n(?=[.,;:!?)\u00bb](?:\s|\Z))")


def read_sheets(sheets: Sequence[Sheet], heads: Heads) -> Iterator[Part]:
    """The parts of the pages; a table that has no head on its page has the columns of the one before."""
    columns: Columns | None = None
    for sheet, body in zip(sheets, bodies(sheets, heads), strict=True):
        found = list(_heads(body, heads))
        ends = [*(head.begin for head in found), len(body)]
        yield from _Region(sheet, body[: ends[0]], columns, heads).parts()
        for head, end in zip(found, ends[1:], strict=True):
            yield table([[label.text for label in head.labels]], sheet.number)
            columns = gutters(head, body[head.end : end], sheet, heads)
            yield from _Region(sheet, body[head.end : end], columns, heads).parts()


def _heads(body: list[Line], heads: Heads) -> Iterator[Head]:
    at = 0
    while at < len(body):
        head = find_head(body, at, heads)
        if head:
            yield head
        at = head.end if head else at + 1


@dataclass
class _Row:
    """Lines of one row of a table, or of one paragraph."""

    lines: list[Line]
    kind: str


class _Region:
    """The lines between two heads, or between a head and an end of the page."""

    def __init__(self, sheet: Sheet, lines: list[Line], columns: Columns | None, heads: Heads) -> None:
        self._sheet = sheet
        self._lines = lines
        self._columns = columns
        self._heads = heads
        gaps = [
            after.top - before.bottom for before, after in pairwise(lines) if after.top > before.bottom - 1
        ]
        self._usual = median_low(gaps) if gaps else 0.0

    def parts(self) -> Iterator[Part]:
        """Tables of one row each, and paragraphs, from top to bottom."""
        if not self._lines:
            return
        if self._columns is None:
            yield from self._paragraphs(self._lines)
            return
        for row in self._rows(self._columns.on(self._sheet, self._lines)):
            if row.kind == "row":
                yield table([self._cells(row.lines)], self._sheet.number)
            else:
                yield from self._paragraphs(row.lines)

    def _rows(self, columns: Columns) -> Iterator[_Row]:
        """The lines in rows: as rules part them if they do, else as numbers, gaps and beginnings do."""
        self._columns = columns
        ruled = self._ruled(columns)
        held: _Row | None = None
        for at, line in enumerate(self._lines):
            kind = self._kind(line, held, columns)
            parted = ruled[at] if ruled else self._begins(at, columns)
            if held is None or kind != held.kind or (parted and kind == "row"):
                if held:
                    yield held
                held = _Row([], kind)
            held.lines.append(line)
        if held:
            yield held

    def _kind(self, line: Line, held: _Row | None, columns: Columns) -> str:
        """Whether a line is of a paragraph: a heading, one through the columns, or the end of such."""
        if is_heading(line.text(), self._heads):
            return "heading"
        if self._is_text(line, columns):
            return "text"
        if held is None or held.kind != "text":
            return "row"
        legend = not columns.walls and is_legend(held.lines[0].text())
        if line.top - held.lines[-1].bottom > (line.height * 2 if legend else self._usual + 1):
            return "row"
        only_first = not any(columns.cells(line)[1:]) and not _NUMBER.match(line.text())
        return "text" if legend or only_first else "row"

    def _is_text(self, line: Line, columns: Columns) -> bool:
        heading = is_heading(line.text(), self._heads)
        return heading or columns.crossed_by(line) or (not columns.walls and is_legend(line.text()))

    def _ruled(self, columns: Columns) -> list[bool]:
        """For each line whether a rule parts it from the one before; empty if rules do not part the rows."""
        heights = columns.parted_at(self._sheet, _WIDE)
        lines = list(takewhile(lambda line: columns.walls or not is_legend(line.text()), self._lines))
        parted = [True, *(any(a.middle < at < b.middle for at in heights) for a, b in pairwise(self._lines))]
        rows = [at for at, line in enumerate(lines) if not self._is_text(line, columns)]
        numbered = [at for at in rows if _NUMBER.match(columns.cells(lines[at])[columns.wording])]
        if not rows or not all(any(parted[first + 1 : second + 1]) for first, second in pairwise(numbered)):
            return []
        if columns.walls:
            return parted if sum(parted) > 1 or any(at > lines[rows[-1]].middle for at in heights) else []
        between = sum(any(parted[first + 1 : second + 1]) for first, second in pairwise(rows))
        unseen = sum(1 for at in rows if not parted[at] and self._begins(at, columns))
        return parted if between and (numbered or unseen <= _UNSEEN * between) else []

    def _begins(self, at: int, columns: Columns) -> bool:
        """Whether a row begins at a line: by its number; else by the gap above, and what stands there."""
        if at == 0:
            return True
        line, before = self._lines[at], self._lines[at - 1]
        cells = columns.cells(line)
        wording = cells[columns.wording]
        if _NUMBER.match(wording):
            return True
        gap = line.top - before.bottom
        far = gap > line.height or gap > self._usual + line.height * _LOOSE
        if not wording or self._is_numbered(columns):
            return gap > line.height * 2 and not any(cells[1:])
        answered = any(cells[place] for place in columns.answer)
        begins = _BEGINS.match(wording) is not None
        ended = self._ended(at, columns)
        return (far and (answered or (begins and ended))) or (begins and ended and answered)

    def _is_numbered(self, columns: Columns) -> bool:
        return any(_NUMBER.match(columns.cells(line)[columns.wording]) for line in self._lines)

    def _ended(self, at: int, columns: Columns) -> bool:
        """Whether the wording above a line is finished."""
        above = (columns.cells(line)[columns.wording] for line in reversed(self._lines[:at]))
        return _ENDED.search(next(filter(None, above), ".")) is not None

    def _cells(self, lines: list[Line]) -> list[str]:
        columns = self._columns
        if columns is None:
            return []
        top, bottom = lines[0].top, lines[-1].bottom
        led = [link for link in self._sheet.links if top - 1 <= link.down <= bottom + 1]
        texts = []
        for left, right in columns.sides():
            links = [link.address for link in led if left <= link.across < right]
            said = "\n".join(filter(None, (line.within(left, right) for line in lines)))
            texts.append(with_links(_whole(said, links), links))
        return texts

    def _paragraphs(self, lines: list[Line]) -> Iterator[Part]:
        """Paragraphs: parted where lines stand far apart or letters are of another size; each heading."""
        held: list[Line] = []
        for line in lines:
            if held and self._parted(held[-1], line):
                yield self._paragraph(held)
                held = []
            held.append(line)
        if held:
            yield self._paragraph(held)

    def _parted(self, before: Line, line: Line) -> bool:
        small, large = sorted((before.height, line.height))
        heading = any(is_heading(each.text(), self._heads) for each in (before, line))
        return heading or large > small * _SIZE or line.top - before.bottom > _GAP * line.height

    def _paragraph(self, lines: list[Line]) -> Part:
        return Part("\n".join(line.text() for line in lines), page=self._sheet.number)


def _whole(text: str, links: list[str]) -> str:
    """The text with the ranges and addresses whole that line ends have cut: ``links``, and what looks so."""
    for link in links:
        text = re.sub(r"\n?".join(map(re.escape, link)), link.replace("\\", r"\\"), text)
    text = _CUT_SIGN.sub("", _CUT_RANGE.sub("\u2013", text))
    while _CUT_LINK.search(text):
        text = _CUT_LINK.sub(r"\1\2", text)
    return text
