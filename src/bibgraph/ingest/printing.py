"""A report as the graph has it, printed again as the table that it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bibgraph.errors import NotFound
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import XSD
from bibgraph.repository import Repository
from bibgraph.store import SparqlStore
from bibgraph.store.rows import Row, rows


@dataclass(frozen=True)
class PrintedRow:
    """A row: the cells in the order of the head; links that do not stand in the comment; whether closed."""

    cells: tuple[str, str, str, str]
    links: tuple[str, ...]
    closed: bool


@dataclass(frozen=True)
class PrintedTable:
    """A table with the headings above it that were not said before."""

    headings: tuple[str, ...]
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True)
class Printed:
    """A report: its title, the paragraphs above the tables (it among them), the words of the tables' head.

    language: that of what is not the report's own. note: what readers should know of the colours.
    """

    title: str
    front: tuple[str, ...]
    head: tuple[str, ...]
    tables: tuple[PrintedTable, ...]
    legend: tuple[str, ...]
    language: str = "nb"
    note: str = ""


def printed(store: SparqlStore, repository: Repository, issued: date, language: str) -> Printed:
    """The report of this date; headings, notes and names of units in ``language``, all else as it has them.

    Raises NotFound if there is none.
    """
    values = f'\nVALUES ?issued {{ "{issued}"^^<{XSD["date"]}> }}'
    front = list(rows(store.query(repository.query("ingest/report-front") + values)))
    observed = list(rows(store.query(repository.query("ingest/report-rows") + values)))
    if not front and not observed:
        raise NotFound(message("There is no status report of {date}.", date=issued))
    words = _Words(rows(store.query(repository.query("ingest/report-words"))), language)
    return Printed(
        next((row["words"] for row in front if row["kind"].endswith("title")), str(issued)),
        tuple(_above(row, words) for row in front),
        tuple(words.only("head").split()),
        tuple(_tables(observed, words)),
        tuple(f"{code} – {name}" for code, name in words.all("unit")),
        language,
        words.only("note") if any(row["closed"] == "true" for row in observed) else "",
    )


class _Words:
    """Words by kind and thing, in one language or, where a thing has none in it, the nearest."""

    def __init__(self, found: Iterator[Row], language: str) -> None:
        order = [language, *(each for each in LANGUAGES if each != language)]
        self._words: dict[str, dict[str, str]] = {}
        usable = (row for row in found if row["language"] in order)
        for row in sorted(usable, key=lambda row: order.index(row["language"])):
            self._words.setdefault(row["kind"], {}).setdefault(row["thing"], row["words"])

    def of(self, kind: str, thing: str) -> str:
        return self._words.get(kind, {}).get(thing, "")

    def only(self, kind: str) -> str:
        return next(iter(self._words.get(kind, {}).values()), "")

    def all(self, kind: str) -> list[tuple[str, str]]:
        return sorted(self._words.get(kind, {}).items())


def _above(row: Row, words: _Words) -> str:
    """A paragraph above the tables; remarks say that they are such."""
    return f"{words.only('remark')}: {row['words']}" if row["kind"].endswith("remark") else row["words"]


def _tables(observed: list[Row], words: _Words) -> Iterator[PrintedTable]:
    """The rows, a table for each main line of each part, and for each run of rows that have none."""
    part = ""
    for (of_part, line), group in groupby(_ordered(observed), key=lambda row: (row["part"], row["line"])):
        headings = [words.of("part", of_part)] if of_part != part else []
        headings += [words.of("line", line)] if line else []
        part = of_part
        yield PrintedTable(tuple(filter(None, headings)), tuple(_rows(list(group))))


def _ordered(observed: list[Row]) -> list[Row]:
    """The rows, those of a main line together where its first stands."""
    places: dict[tuple[str, str], int] = {}
    for at, row in enumerate(observed):
        places.setdefault((row["part"], row["line"]), at)
    return sorted(
        observed, key=lambda row: places[row["part"], row["line"]] if row["line"] else observed.index(row)
    )


def _rows(observed: list[Row]) -> Iterator[PrintedRow]:
    for _, group in groupby(observed, key=lambda row: row["observation"]):
        row, *more = group
        text = f"{row['number']}. {row['text']}" if row["number"] else row["text"]
        links = tuple(each["link"] for each in (row, *more) if each["link"])
        cells = (text, row["responsible"], row["status"], row["comment"])
        yield PrintedRow(cells, links, row["closed"] == "true")
