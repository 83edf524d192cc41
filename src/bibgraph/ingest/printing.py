"""A report as the graph has it, printed again as the table that it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bibgraph.errors import NotFound
from bibgraph.messages import message
from bibgraph.namespaces import XSD
from bibgraph.repository import Repository
from bibgraph.store import SparqlStore
from bibgraph.store.rows import rows


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
    """A report: its title, the paragraphs above the tables (it among them), the words of the tables' head."""

    title: str
    front: tuple[str, ...]
    head: tuple[str, ...]
    tables: tuple[PrintedTable, ...]
    legend: tuple[str, ...]


def printed(store: SparqlStore, repository: Repository, issued: date, head: str) -> Printed:
    """The report of this date under tables with ``head``. Raises NotFound if there is none."""
    values = f'\nVALUES ?issued {{ "{issued}"^^<{XSD["date"]}> }}'
    front = list(rows(store.query(repository.query("ingest/report-front") + values)))
    observed = list(rows(store.query(repository.query("ingest/report-rows") + values)))
    if not front and not observed:
        raise NotFound(message("There is no status report of {date}.", date=issued))
    legend = rows(store.query(repository.query("ingest/report-legend")))
    return Printed(
        next((row["words"] for row in front if row["kind"].endswith("title")), str(issued)),
        tuple(row["words"] for row in front),
        tuple(head.split()),
        tuple(_tables(observed)),
        tuple(f"{row['code']} – {row['name']}" for row in legend),
    )


def _tables(observed: list[dict[str, str]]) -> Iterator[PrintedTable]:
    """The rows, a new table where the part or main line changes."""
    part, line = "", ""
    headings: list[str] = []
    table: dict[str, PrintedRow] = {}
    for row in observed:
        if (row["part"], row["line"]) != (part, line):
            if table:
                yield PrintedTable(tuple(headings), tuple(table.values()))
            headings = [row["part"]] if row["part"] != part else []
            headings += [row["line"]] if row["line"] else []
            part, line, table = row["part"], row["line"], {}
        known = table.get(row["observation"])
        links = (*(known.links if known else ()), *([row["link"]] if row["link"] else []))
        text = f"{row['number']}. {row['text']}" if row["number"] else row["text"]
        cells = (text, row["responsible"], row["status"], row["comment"])
        table[row["observation"]] = PrintedRow(cells, links, row["closed"] == "true")
    if table:
        yield PrintedTable(tuple(headings), tuple(table.values()))
