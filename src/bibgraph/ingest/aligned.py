"""Plain text whose tables have their columns side by side: parted by tabs, or set apart by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bibgraph.ingest.grid import read_sheets
from bibgraph.ingest.heads import COMMENT, PLACES, Heads, columns, is_heading, is_legend
from bibgraph.ingest.lines import Sheet, Word
from bibgraph.ingest.parts import Cells, Part, table

_HIGH = 2.4
"""How high a line is, in letters, so that one blank parts words, and two part columns."""
_WIDE = 50
"""A head that is shorter stands above no columns; its labels are only said one after another."""
_LONG = 300_000
"""A report is some ten thousand letters; with blanks between its columns, some ten times that."""
_CELLS = re.compile(r"\S+(?: \S+)*")
_NUMBERED = re.compile(r"(?:[A-Z\u00c6\u00d8\u00c5][a-z\u00e6\u00f8\u00e5]+ )?\d{1,2}[.:)]?\s")


def read_aligned(text: str, heads: Heads) -> list[Part]:
    """The parts of a text in which heads of tables have their labels apart; empty if none has."""
    lines = text.splitlines()
    if len(text) > _LONG:
        return []
    if any(_is_head(line.split("\t"), heads) for line in lines):
        return list(_tabbed(lines, heads))
    if any(len(line.strip()) >= _WIDE and _is_head(_CELLS.findall(line), heads) for line in lines):
        pages = text.split("\f")
        return list(read_sheets([_sheet(page, number) for number, page in enumerate(pages, 1)], heads))
    return []


def _is_head(cells: Cells, heads: Heads) -> bool:
    return len(cells) >= len(PLACES) and bool(columns([" ".join(cell.split()) for cell in cells], heads))


def _sheet(text: str, number: int) -> Sheet:
    """A page whose letters are all of one width."""
    words = [
        Word(word.group(), word.start(), word.end() - 0.5, at * _HIGH, (at + 1) * _HIGH - 0.1)
        for at, line in enumerate(text.split("\n"))
        for word in re.finditer(r"\S+", line.expandtabs())
    ]
    return Sheet(number, max((word.right for word in words), default=0.0), words)


def _tabbed(lines: list[str], heads: Heads) -> Iterator[Part]:
    """Rows of cells that tabs part; a line without tabs goes on with the last cell, or is a paragraph."""
    row: Cells = []
    for line in lines:
        cells = line.split("\t")
        if len(cells) > COMMENT:
            yield from [table([row])] if row else []
            row = cells
        elif (
            row and line.strip() and not (is_heading(line, heads) or is_legend(line) or _NUMBERED.match(line))
        ):
            row[-1] += "\n" + line
        else:
            yield from [table([row])] if row else []
            row = []
            yield from [Part(line)] if line.strip() else []
    yield from [table([row])] if row else []
