"""Paragraphs and tables set as the plain text that is kept of a document, with the place of every cell.

A row becomes its wording, an empty line, and units, status and comment, as in the text of a PDF; so what is
quoted is text, whatever the format was. A new page begins with a form feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bibgraph.ingest.cutting import ENDED, NUMBERED
from bibgraph.ingest.heads import STATUS, WORDING, Heads, columns
from bibgraph.ingest.links import LINK
from bibgraph.ingest.manuscript import Piece
from bibgraph.ingest.parts import MERGED, Cells, Part, lines_of

_COLUMNS = 4
_PAIR = 2
_PAIRED = (("«", "»"), ("(", ")"))
_HEADS = ("head", "again")


@dataclass(frozen=True)
class Block:
    """A paragraph, the head of a table, or a row, of which empty cells have no piece.

    kind: ``text``, ``head``, ``again`` (a head that a new page repeats) or ``row``. links: those at the end
    of the comment, in lines of their own.
    """

    kind: str
    piece: Piece
    cells: tuple[Piece | None, ...] = ()
    links: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Setting:
    """A document as text, and its blocks in their order."""

    text: str
    blocks: tuple[Block, ...]


def typeset(parts: Iterable[Part], heads: Heads) -> Setting:
    """The parts as text; heads: the labels of the columns of tables.

    A row that goes on with the one before it, as where a page ends within it, is put together with it.
    """
    setter = _Setter()
    for item in _joined(_ordered(parts, heads)):
        if isinstance(item, _Row):
            setter.row(item)
        else:
            setter.paragraph(item)
    return Setting(setter.text(), tuple(setter.blocks))


@dataclass
class _Row:
    cells: Cells
    page: int


@dataclass(frozen=True)
class _Line:
    """A paragraph, of kind ``cell`` if it stands alone in a row; or the head of a table."""

    text: str
    page: int
    kind: str = "text"


def _ordered(parts: Iterable[Part], heads: Heads) -> Iterator[_Row | _Line]:
    """Paragraphs, heads, and rows with their cells in the order of the first head's words."""
    order: list[int] = []
    labels: Cells = []
    above: Cells = []
    for part in parts:
        if not part.rows:
            text = "\n".join(lines_of(part.text))
            yield from [_Line(text, part.page)] if text else []
        for row in part.rows:
            cells = above = _unmerged(["\n".join(lines_of(cell)) for cell in row], above, order)
            found = columns(cells, heads)
            if found:
                order, labels = found, cells
                yield _Line(" ".join(" ".join(cell.split()) for cell in cells if cell), part.page, "head")
            elif any(cells):
                yield _told(cells, order, labels, part.page)
                yield from _beside(cells, order, labels, part.page)


def _unmerged(cells: Cells, above: Cells, order: list[int]) -> Cells:
    """A row whose cells are one with those above: with their text, if its wording is its own."""
    first = order[WORDING] if order else 0
    goes_on = first >= len(cells) or cells[first] == MERGED
    beside = (above[at] if at < len(above) and not goes_on else "" for at in range(len(cells)))
    return [text if cell == MERGED else cell for cell, text in zip(cells, beside, strict=True)]


def _told(cells: Cells, order: list[int], labels: Cells, page: int) -> _Row | _Line:
    """What a row of cells is: a row of the report, or a paragraph that stands in a table or sheet."""
    filled = [cell for cell in cells if cell]
    placed = [cells[at] if at < len(cells) else "" for at in order[:_COLUMNS] or range(_COLUMNS)]
    if len(set(filled)) == 1:  # or a cell that spans the others, which some programs repeat
        alone = filled[0] in (placed[WORDING], cells[0]) and NUMBERED.match(filled[0]) is None
        if alone or not order or filled[0] not in placed:
            return _Line(filled[0], page, "cell")
    if len(filled) == _PAIR and len(filled[0]) <= _COLUMNS and filled[0].isupper() and cells[0]:
        return _Line(" – ".join(filled), page)  # a legend set as a table
    placed[WORDING] = _numbered(placed[WORDING], cells, order, labels)
    return _Row(placed, page)


def _numbered(wording: str, cells: Cells, order: list[int], labels: Cells) -> str:
    """The wording with its number before it as reports print it: from a cell of its own, or a longer form."""
    own = [cells[at] for at in order[_COLUMNS:] if at < len(cells)]
    own += [] if order else [cell for cell in cells if cell.rstrip(".").isdecimal()]
    alone = re.search(r"\d{1,2}", own[0]) if own else None
    if alone:
        return f"{alone[0]}. {wording}"
    label = re.escape(labels[order[WORDING]]) if order else r"(?!)"
    before = rf"\A(?i:(?:{label}\s+)?(?:nr\.?\s*)?)"
    return re.sub(before + r"(\d{1,2})\s*[.:)\u2013-]?\s+(?=[A-ZÆØÅ«])", r"\1. ", wording)


def _beside(cells: Cells, order: list[int], labels: Cells, page: int) -> Iterator[_Line]:
    """What stands in columns that no report has, each with its label."""
    if order and sum(map(bool, cells)) > 1:
        for at, cell in enumerate(cells):
            if cell and at not in order:
                label = labels[at] if at < len(labels) else ""
                yield _Line(f"{label}: {cell}" if label else cell, page)


def _joined(items: Iterable[_Row | _Line]) -> Iterator[_Row | _Line]:
    """The items, rows that go on with others put together; a head between such stands after both."""
    held: list[_Row | _Line] = []
    for item in items:
        before = held[0] if held else None
        turned = before is not None and item.page > before.page > 0
        if (
            isinstance(item, _Row)
            and isinstance(before, _Row)
            and _goes_on(before.cells, item.cells, turned=turned)
        ):
            pairs = zip(before.cells, item.cells, strict=True)
            before.cells = ["\n".join(filter(None, pair)) for pair in pairs]
        elif isinstance(item, _Line) and item.kind == "head" and before and item.page > before.page > 0:
            held.append(_Line(item.text, item.page, "again" if isinstance(before, _Row) else "head"))
        elif (
            isinstance(item, _Line)
            and isinstance(before, _Row)
            and item.kind == "cell"
            and item.page > before.page
            and _goes_on(before.cells, [item.text, "", "", ""], turned=turned)
        ):
            before.cells[WORDING] += "\n" + item.text
        else:
            yield from held
            held = [item]
    yield from held


def _goes_on(before: Cells, cells: Cells, *, turned: bool) -> bool:
    """Whether a row goes on with the one before: it has no status of its own, and no wording that begins.

    turned: whether a page has ended between them.
    """
    wording, units, status, _ = cells
    if status or NUMBERED.match(wording) or wording.startswith("«"):
        return False
    if not wording:
        return not units or not before[STATUS]
    unfinished = any(before[WORDING].count(begin) > before[WORDING].count(end) for begin, end in _PAIRED)
    ended = ENDED.search(before[WORDING]) is not None
    if turned and not ended and (wording[0].islower() or NUMBERED.match(before[WORDING])):
        return True
    return not units and (unfinished or (wording[0].islower() and not ended))


class _Setter:
    """Sets texts one after another, and knows where each stands."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._texts: list[str] = []
        self._at = 0
        self._page = 0

    def text(self) -> str:
        """All that has been set."""
        return "".join(self._texts).rstrip() + "\n" if self._texts else ""

    def paragraph(self, item: _Line) -> None:
        """A paragraph, with an empty line after it."""
        self._turn(item.page)
        self.blocks.append(Block(item.kind if item.kind in _HEADS else "text", self._set(item.text)))
        self._put("\n\n")

    def row(self, row: _Row) -> None:
        """A row. A status that is missing parts the comment from the units by an empty line."""
        self._turn(row.page)
        begin = self._at
        wording, units, status, comment = row.cells
        said, links = _parted(comment)
        pieces: list[Piece | None] = []
        gaps = ("\n\n", " " if status else "\n\n", " ", "")
        for text, between in zip((wording, units, status, said), gaps, strict=True):
            pieces.append(self._set(text) if text else None)
            self._put(between if text else "")
        self._put("\n\n")
        led = tuple(self._link(link) for link in links)
        self._put("\n" if links else "")
        self.blocks.append(Block("row", Piece(begin, self._at), tuple(pieces), led))

    def _link(self, link: str) -> Piece:
        piece = self._set(link)
        self._put("\n")
        return piece

    def _turn(self, page: int) -> None:
        if page > self._page > 0:
            self._put("\f\n")
        self._page = max(page, self._page)

    def _set(self, text: str) -> Piece:
        start = self._at
        self._put(text)
        return Piece(start, self._at)

    def _put(self, text: str) -> None:
        self._texts.append(text)
        self._at += len(text)


def _parted(comment: str) -> tuple[str, Cells]:
    """A comment without the links that stand in lines of their own at its end, and these."""
    lines, links = comment.split("\n"), Cells()
    while len(lines) > 1 and LINK.fullmatch(lines[-1]):
        links.insert(0, lines.pop())
    return "\n".join(lines), links
