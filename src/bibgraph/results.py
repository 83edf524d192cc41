"""Answers as tables for people to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rich.cells import cell_len
from rich.table import Table as RichTable
from rich.text import Text

from bibgraph.messages import Message, message
from bibgraph.namespaces import THINGS, shorten

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = frozenset(f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float"))
_GAP = "  "


@dataclass(frozen=True)
class Table:
    """Rows as people read them: IRIs shortened, nothing that could steer a terminal.

    numbers: for each column, whether it holds nothing but numbers.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]

    def plain(self) -> str:
        """Aligned text, a line for each row, numbers to the right."""
        widths = [max(map(cell_len, column)) for column in zip(self.headings, *self.rows, strict=True)]
        rule = tuple("-" * width for width in widths)
        lines = (self._line(row, widths) for row in (self.headings, rule, *self.rows))
        return "".join(f"{line}\n" for line in lines)

    def rich(self) -> RichTable:
        """The same for a terminal, which may wrap it."""
        table = RichTable()
        for heading, number in zip(self.headings, self.numbers, strict=True):
            table.add_column(Text(heading), justify="right" if number else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*map(Text, row))
        return table

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = []
        for text, width, number in zip(row, widths, self.numbers, strict=True):
            filling = " " * (width - cell_len(text))
            cells.append(filling + text if number else text + filling)
        return _GAP.join(cells).rstrip()


def tabulate(answer: ox.QuerySolutions, headings: Mapping[str, str] | None = None) -> Table:
    """The rows of an answer as a table; ``headings`` by variable, the variables themselves without."""
    variables = [variable.value for variable in answer.variables]
    rows = [[solution[name] for name in variables] for solution in answer]
    return Table(
        headings=tuple(readable((headings or {}).get(name, name)) for name in variables),
        rows=tuple(tuple(map(shown, row)) for row in rows),
        numbers=tuple(_all_numbers([row[column] for row in rows]) for column in range(len(variables))),
    )


def verdict(answer: ox.QueryBoolean) -> Message:
    """The answer to ASK as a word."""
    return message("yes") if answer else message("no")


def shown(term: object) -> str:
    """A term as people read it: an IRI shortened (a thing of the project as its path), a text as it is."""
    if isinstance(term, ox.NamedNode):
        inside = term.value.startswith(THINGS) and len(term.value) > len(THINGS)
        return readable(term.value.removeprefix(THINGS) if inside else shorten(term.value))
    if isinstance(term, ox.Literal):
        return readable(term.value)
    return "" if term is None else str(term)


def readable(text: str) -> str:
    """The text on one line, control characters as escapes, so that none reaches a terminal."""
    return "".join(map(_readable, text))


def _readable(sign: str) -> str:
    if sign.isprintable():
        return sign
    return " " if sign.isspace() else sign.encode("unicode_escape").decode()


def _all_numbers(column: Sequence[object]) -> bool:
    values = [term for term in column if term is not None]
    return bool(values) and all(isinstance(t, ox.Literal) and t.datatype.value in _NUMBERS for t in values)
