"""The rows of a table, checked: what is wrong names its row and column."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bibgraph.errors import SourceError
from bibgraph.findings import Finding, Severity
from bibgraph.ingest.records import Term, thing, typed
from bibgraph.ingest.tables.knowledge import Knowledge
from bibgraph.ingest.tables.schema import Column, Schema
from bibgraph.messages import Message, message
from bibgraph.namespaces import DCTERMS
from bibgraph.suggestions import suggestion
from bibgraph.turtle import read_text

MOST_BYTES = 20_000_000
_PLACE = re.compile(r"(?P<key>[a-z0-9-]+)#L\d+(?:-L\d+)?")


@dataclass(frozen=True)
class Row:
    """A row: ``line`` in the file, counted from 1; the terms of its cells that are not empty, by column.

    whole has the cells that hold several items, as they stand. page is the address that the row is from,
    empty where that is a document of the project's own.
    """

    line: int
    cells: Mapping[str, tuple[Term, ...]]
    whole: Mapping[str, str]
    page: str


@dataclass(frozen=True)
class Table:
    """A table as read, and what is wrong with it."""

    schema: Schema
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def decode(path: Path) -> str:
    """The text of a CSV file, its line ends alike. SourceError if it is no text, empty or too large."""
    where = str(path)
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise SourceError(
            message("The file is larger than {most} bytes.", most=MOST_BYTES),
            where=where,
            hint=message("Part the table, and take the parts in one by one."),
        )
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise SourceError(
            message("The file is empty."), where=where, hint=message("Save the table as CSV anew.")
        )
    if "\0" in text:
        raise SourceError(
            message("The file is no text."), where=where, hint=message("Save the table as CSV in UTF-8.")
        )
    return text if text.endswith("\n") else text + "\n"


def read_table(schema: Schema, text: str, knowledge: Knowledge, where: str) -> Table:
    """The rows of the CSV ``text`` (RFC 4180), with findings for cells that cannot be used.

    Raises SourceError, at ``where``, for text that is no CSV or whose columns are not those of the schema.
    """
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise SourceError(
            message("The file is no CSV: {reason}.", reason=error),
            where=where,
            hint=message("Save the table as CSV in UTF-8, with commas, and quotation marks around cells."),
        ) from error
    head = [name.strip() for name in lines[0]]
    _check_head(schema, head, where)
    findings: list[Finding] = []
    rows = []
    for line, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            sentence = message("The row has {found} cells, not {wanted}.", found=len(cells), wanted=len(head))
            findings.append(_finding(line, "", sentence))
            continue
        row, faults = _row(schema, line, dict(zip(head, map(str.strip, cells), strict=True)), knowledge)
        rows.append(row)
        findings.extend(faults)
    findings.extend(_twice(schema, rows))
    return Table(schema, tuple(rows), tuple(findings))


def _check_head(schema: Schema, head: list[str], where: str) -> None:
    known = [column.name for column in schema.columns]
    for name in head:
        if name not in known:
            raise SourceError(
                message("There is no column called {name!r} in this table.", name=name),
                where=f"{where}:1",
                hint=suggestion(name, known),
            )
    twice = [name for name, count in Counter(head).items() if count > 1]
    missing = [column.name for column in schema.columns if column.required and column.name not in head]
    if twice or missing:
        raise SourceError(
            message("The column {name!r} stands twice.", name=twice[0])
            if twice
            else message("The columns {names} are missing.", names=", ".join(missing)),
            where=f"{where}:1",
            hint=message("The columns are: {names}.", names=", ".join(known)),
        )


def _row(
    schema: Schema, line: int, texts: Mapping[str, str], knowledge: Knowledge
) -> tuple[Row, list[Finding]]:
    findings: list[Finding] = []
    cells: dict[str, tuple[Term, ...]] = {}
    source = schema.column_of(DCTERMS["source"])
    page = ""
    for column in schema.columns:
        told = texts.get(column.name, "")
        if not told:
            if column.required:
                findings.append(_finding(line, column.name, message("The cell is empty.")))
            continue
        if column.name == source and (place := _PLACE.fullmatch(told)):
            if place["key"] not in knowledge.documents:
                sentence = message("There is no document called {name}.", name=place["key"])
                findings.append(_finding(line, column.name, sentence, told))
            cells[column.name] = (typed(told, "string"),)
            continue
        terms, faults = _terms(column, told, knowledge)
        findings.extend(_finding(line, column.name, fault, told) for fault in faults)
        if terms:
            cells[column.name] = terms
        if column.name == source:
            page = told
    whole = {
        column.name: texts[column.name]
        for column in schema.columns
        if column.separator and column.name in cells
    }
    return Row(line, cells, whole, page), findings


def _terms(column: Column, told: str, knowledge: Knowledge) -> tuple[tuple[Term, ...], list[Message]]:
    items = [item.strip() for item in told.split(column.separator)] if column.separator else [told]
    terms: list[Term] = []
    faults: list[Message] = []
    for item in filter(None, items):
        made = _term(column, item, knowledge)
        if isinstance(made, Message):
            faults.append(made)
        else:
            terms.append(made)
    return tuple(terms), faults


def _term(column: Column, item: str, knowledge: Knowledge) -> Term | Message:
    """The term that an item stands for, or what is wrong with it."""
    if column.scheme:
        codes = knowledge.codes.get(column.scheme, {})
        code = codes.get(item.casefold())
        return thing(code) if code else _unknown(item, codes)
    if column.pattern and not re.fullmatch(column.pattern, item):
        return message("{value} is not of the form {pattern}.", value=item, pattern=column.pattern)
    if column.kind == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", item):
            return message("{value} is no whole number.", value=item)
        return typed(int(item), "integer")
    if column.kind == "anyURI":
        return _address(item)
    return typed(item, "string")


def _address(item: str) -> Term | Message:
    wrong = message("{value} is no web address.", value=item)
    try:
        parts = urlsplit(item)
        host = parts.hostname or ""
        iri = thing(item)
    except ValueError:
        return wrong
    return iri if parts.scheme in ("http", "https") and "." in host else wrong


def _unknown(item: str, codes: Mapping[str, str]) -> Message:
    return message("{value} is not one of the words known. {hint}", value=item, hint=suggestion(item, codes))


def _twice(schema: Schema, rows: list[Row]) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows if schema.key else ():
        key = tuple(" ".join(term.value for term in row.cells.get(name, ())) for name in schema.key)
        if key in seen:
            sentence = message("The key {value} stands in row {row} too.", value="/".join(key), row=seen[key])
            yield _finding(row.line, schema.key[0], sentence, "/".join(key))
        seen.setdefault(key, row.line)


def _finding(line: int, column: str, sentence: Message, value: str = "") -> Finding:
    return Finding("table-cell", Severity.VIOLATION, sentence, path=column, value=value, line=line)
