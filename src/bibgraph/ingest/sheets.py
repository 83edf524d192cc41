"""Spreadsheets (XLSX, CSV) as tables."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

import openpyxl
from babel.dates import format_date
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from bibgraph.ingest.heads import NO_HEADS, Heads, columns, is_heading
from bibgraph.ingest.parts import (
    MERGED,
    MOST_CELLS,
    MOST_ROWS,
    Cells,
    Part,
    TooMuch,
    Unreadable,
    is_address,
    table,
    with_links,
)

_LED = re.compile(r'HYPERLINK\(\s*"([^"]+)"', re.IGNORECASE)
_LAST = 10
"""So many times as many rows may be counted, if they are empty."""
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def read_csv(content: bytes, _: Heads = NO_HEADS) -> Iterable[Part]:
    """The rows of a text in CSV (RFC 4180); commas, semicolons or tabs part the cells."""
    try:
        text = content.decode("utf-16" if content.startswith(_WIDE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error
    if "\0" in text:
        raise Unreadable("NUL")
    delimiter = max(",;\t", key=lambda sign: _columns(text, sign))
    yield table(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _columns(text: str, delimiter: str) -> int:
    """How many rows have several cells, if this parts them."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return sum(1 for _, row in zip(range(200), rows, strict=False) if len(row) > 3)  # noqa: PLR2004  # of four


def read_xlsx(content: bytes, heads: Heads = NO_HEADS) -> Iterable[Part]:
    """The rows of each sheet that is not hidden, under its name if that is a heading.

    Cells lead where their links and the function HYPERLINK do; formulas have the values that were saved.
    """
    _weigh(content)
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    written = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in shown.worksheets:
        if sheet.sheet_state == "visible":
            rows = list(_rows(sheet, written[sheet.title]))
            heading = (
                at for at, row in enumerate(rows) if columns(row, heads) or is_heading("".join(row), heads)
            )
            first = next(heading, 0)
            yield table(rows[:first])
            if is_heading(sheet.title, heads):
                yield Part(sheet.title)
            yield table(rows[first:])


def _weigh(content: bytes) -> None:
    """Raise TooMuch for a workbook with too many rows, before all of it is in memory."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for sheet in book.worksheets:
        filled = 0
        for at, row in enumerate(sheet.iter_rows(max_col=MOST_CELLS, values_only=True)):
            filled += any(value is not None for value in row)
            if filled > MOST_ROWS or at > _LAST * MOST_ROWS:
                raise TooMuch(filled, MOST_ROWS, "rows")


def _rows(sheet: Worksheet, written: Worksheet) -> Iterator[Cells]:
    below = {
        (row, at)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row + 1, merged.max_row + 1)
        for at in range(merged.min_col, min(merged.max_col, MOST_CELLS) + 1)
    }
    pairs = zip(sheet.iter_rows(max_col=MOST_CELLS), written.iter_rows(max_col=MOST_CELLS), strict=True)
    for row, formulas in pairs:
        cells = [
            MERGED if (cell.row, cell.column) in below else _text(cell, formula)
            for cell, formula in zip(row, formulas, strict=True)
        ]
        if any(cells):
            yield cells


def _text(cell: Cell | MergedCell, formula: Cell | MergedCell) -> str:
    """What a cell shows, with the addresses that it leads to."""
    stated = str(formula.value) if getattr(formula, "data_type", "") == "f" else ""
    value = stated if cell.value is None else cell.value
    linked = str(cell.hyperlink.target or "") if isinstance(cell, Cell) and cell.hyperlink else ""
    links = [*_LED.findall(stated), linked]
    return with_links(_shown(value, cell.number_format), filter(is_address, links))


def _shown(value: object, form: str) -> str:
    """A value as Norwegians type it: of a date, what its format shows (days, months and years, or fewer)."""
    if isinstance(value, datetime | date):
        parts = _LITERAL.sub("", form).casefold()
        if "d" in parts or "m" not in parts.replace("am/pm", ""):
            return (
                str(value.year)
                if "d" not in parts and "y" in parts
                else f"{value.day}.{value.month}.{value.year}"
            )
        return format_date(value, "MMMM yyyy", locale="nb")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
