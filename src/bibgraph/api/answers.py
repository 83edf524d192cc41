"""Answers: rows of typed values, that can be counted, made into a data frame, and cited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, overload

import pyoxigraph as ox

from bibgraph.api.citing import Citation
from bibgraph.api.values import Value, python_value
from bibgraph.errors import SettingsError
from bibgraph.messages import message
from bibgraph.results import Table, shown

if TYPE_CHECKING:
    import pandas as pd

    from bibgraph.store import Answer as Stored

Row = dict[str, Value]
VERDICT = "answer"
"""The one column of the answer to ASK."""

_SHOWN = 20
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


class Answer(Sequence[Row]):
    """The rows of an answer, each a dictionary by column, in the order that the query gives them.

    columns: the names, in order. headings: what they are called in the reader's language. coded: the columns
    that hold codes. query: as it was asked, with the values in it. version: of the graph that answered. The
    answer to ASK has one row and one column, ``answer``, and is true or false itself.
    """

    def __init__(  # what a question knows of its answer
        self,
        stored: Stored,
        *,
        query: str,
        version: str,
        cited: Callable[[dt.date], Citation],
        headings: Mapping[str, str] | None = None,
        coded: Sequence[str] = (),
    ) -> None:
        self.query = query
        self.version = version
        self.coded = tuple(coded)
        self.accessed = dt.datetime.now(dt.UTC).date()
        self._cited = cited
        self.columns, self._terms = _table(stored)
        self.headings = {name: (headings or {}).get(name, name) for name in self.columns}
        self._rows = [dict(zip(self.columns, map(python_value, row), strict=True)) for row in self._terms]
        self._truth = bool(stored) if isinstance(stored, ox.QueryBoolean) else bool(self._rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __bool__(self) -> bool:
        return self._truth

    def __repr__(self) -> str:
        return f"<Answer: {len(self)} rows of {', '.join(self.columns)}>"

    def __str__(self) -> str:
        return self.table().plain()

    def _repr_html_(self) -> str:
        """The first rows, for a notebook, and how many there are."""
        table = self.table(_SHOWN)
        lines = (_line("th", table.headings), *(_line("td", row) for row in table.rows))
        return f"<table>{''.join(lines)}</table><p>{len(table.rows)} / {len(self)}</p>"

    def table(self, most: int | None = None) -> Table:
        """The first ``most`` rows as people read them, IRIs shortened."""
        rows = tuple(tuple(map(shown, row)) for row in self._terms[:most])
        numbers = [all(isinstance(row[name], int | float) for row in self._rows) for name in self.columns]
        return Table(tuple(self.headings.values()), rows, tuple(numbers))

    def column(self, name: str) -> list[Value]:
        """The values of one column. Raises KeyError for a name that no column has."""
        if name not in self.columns:
            raise KeyError(name)
        return [row[name] for row in self._rows]

    def to_pandas(self, *, coded: Sequence[str] = ()) -> pd.DataFrame:
        """A data frame: dates as datetime64, whole numbers as Int64, codes as categories, texts as strings.

        coded: columns to make categories of besides those that the question says hold codes. Raises
        SettingsError where pandas is not installed.
        """
        try:
            from bibgraph.api.frames import frame  # noqa: PLC0415  # what it needs is an extra
        except ModuleNotFoundError as error:
            raise SettingsError(
                message("This needs {name}.", name=error.name),
                hint=message("Install it with: {command}", command="pip install 'bibgraph[pandas]'"),
            ) from error
        made = frame({name: self.column(name) for name in self.columns}, {*self.coded, *coded})
        made.attrs["citation"] = str(self.citation())
        return made

    def citation(self, accessed: dt.date | None = None) -> Citation:
        """How to cite the answer. accessed: the day to name; without it the day it was asked."""
        return self._cited(accessed or self.accessed)


def _table(stored: Stored) -> tuple[tuple[str, ...], list[list[object]]]:
    """The columns and the cells of an answer to SELECT or ASK. Raises TypeError for another."""
    if isinstance(stored, ox.QueryBoolean):
        truth = ox.Literal("true" if stored else "false", datatype=ox.NamedNode(_BOOLEAN))
        return (VERDICT,), [[truth]]
    if not isinstance(stored, ox.QuerySolutions):
        raise TypeError("triples are no rows")
    names = tuple(variable.value for variable in stored.variables)
    return names, [[row[name] for name in names] for row in stored]


def _line(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
