"""Answers as tables for people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pyoxigraph as ox

from bibgraph.describe import Describer, Names, Row, Term, value_of
from bibgraph.store import Answer
from bibgraph.store.taken import beyond
from bibgraph.store.writing import SHOWN
from bibgraph.web.parts.evidence import Proof

MOST_ROWS = SHOWN
"""So many rows are shown on a page, which stays small; the downloads hold all."""

_PRINTED = "as_stated"
"""What the names of variables end in that hold a source's own words."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = frozenset(f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float"))


@dataclass(frozen=True)
class Table:
    """An answer as people read it.

    headings: by column. numbers: by column, whether it holds nothing but numbers. rows: cells, None if empty.
    count: all rows, shown or not. verdict: the answer to a yes-or-no question; a table has none.
    printed: the columns that hold the source's words, and missing what stands there for none. evidence: of
    each row; none if the table has none.
    """

    headings: Sequence[str]
    numbers: Sequence[bool]
    rows: Sequence[Sequence[Term | None]]
    count: int
    names: Names
    verdict: bool | None = None
    printed: Collection[int] = ()
    missing: str = ""
    evidence: Sequence[Sequence[Proof]] = ()


def table(
    answer: Answer,
    describer: Describer,
    headings: Mapping[str, str] | None = None,
    most: int = MOST_ROWS,
) -> Table:
    """The answer as a table with the names of what it holds; ``headings`` by variable. most: rows in it."""
    if isinstance(answer, ox.QueryBoolean):
        return Table((), (), (), 0, Names(), verdict=bool(answer))
    if isinstance(answer, ox.QueryTriples):
        variables = ["subject", "predicate", "object"]
        cells: Iterable[Sequence[Term | None]] = ((t.subject, t.predicate, t.object) for t in answer)
    else:
        variables = [variable.value for variable in answer.variables]
        cells = ([solution[name] for name in variables] for solution in answer)
    rows = iter(cells)
    shown = list(islice(rows, most))
    rest = sum(1 for _ in rows) + beyond(answer)
    iris = {term.value for row in shown for term in row if isinstance(term, ox.NamedNode)}
    titles = [(headings or {}).get(name, name) for name in variables]
    numbers = [_all_numbers(row[place] for row in shown) for place in range(len(variables))]
    printed = {place for place, name in enumerate(variables) if name.endswith(_PRINTED)}
    return Table(titles, numbers, shown, len(shown) + rest, describer.names(iris), printed=printed)


def plain_table(rows: Sequence[Row], headings: Mapping[str, str], names: Names) -> Table:
    """Rows that are at hand as a table, the columns those of ``headings``."""
    cells = [[row[name] for name in headings] for row in rows]
    shown = cells[:MOST_ROWS]
    numbers = [_all_numbers(row[place] for row in shown) for place in range(len(headings))]
    return Table(list(headings.values()), numbers, shown, len(cells), names)


def worded(table: Table, columns: Collection[int], labels: Mapping[str, ox.Literal]) -> Table:
    """The same table with codes as words: in these columns, what ``labels`` knows by notation."""

    def cell(place: int, term: Term | None) -> Term | None:
        known = place in columns and isinstance(term, ox.Literal)
        return labels.get(value_of(term), term) if known else term

    rows = [[cell(place, term) for place, term in enumerate(row)] for row in table.rows]
    return replace(table, rows=rows)


def _all_numbers(column: Iterable[Term | None]) -> bool:
    """Whether there are values, and numbers only."""
    found = [term for term in column if term is not None]
    return bool(found) and all(map(_is_number, found))


def _is_number(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS
