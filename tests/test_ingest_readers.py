"""The report of October 2025 in other formats, made from its table, read as the same table."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from bibgraph.errors import SourceError
from bibgraph.ingest import readers
from bibgraph.ingest.documents import read_document
from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.readers import as_text
from bibgraph.ingest.table import Row, Table
from bibgraph.ingest.vocabulary import Vocabulary, read_vocabulary
from bibgraph.repository import Repository
from report_world import EDITS, edited

HEAD = ["Tiltak", "Ansvar", "Status", "Kommentar"]
Part = str | list[list[str]]


@pytest.fixture(scope="module")
def vocabulary(repository: Repository) -> Vocabulary:
    return read_vocabulary(repository)


@pytest.fixture(scope="module")
def table(vocabulary: Vocabulary) -> Table:
    return read_plain(edited(*EDITS), vocabulary)


def cells(table: Table, row: Row) -> list[str]:
    responsible = table.manuscript.words(row.responsible) if row.responsible else ""
    return [table.words(row.wording), responsible, row.status_stated, table.words(row.comment)]


def parts(table: Table) -> Iterator[Part]:
    """The report as paragraphs and tables, each table under its headings."""
    yield from (table.manuscript.words(piece) for piece in table.front)
    headings = {piece.start: table.manuscript.words(piece) for _, piece in [*table.parts, *table.lines]}
    heads = {piece.start for reason, piece in table.layout if "table-head" in reason}
    rows = {row.wording[0].start: cells(table, row) for row in table.rows}
    current: list[list[str]] = []
    for start in sorted([*headings, *heads, *rows]):
        if start in rows:
            current.append(rows[start])
            continue
        if current:
            yield current
            current = []
        if start in headings:
            yield headings[start]
        else:
            current = [HEAD]
    yield current


def flat(content: list[Part]) -> list[list[str]]:
    return [row for part in content for row in ([[part]] if isinstance(part, str) else part)]


def as_csv(content: list[Part]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(flat(content))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(content: list[Part]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in flat(content):
        sheet.append(row)
    return saved(book.save)


def as_docx(content: list[Part]) -> bytes:
    document = docx.Document()
    for part in content:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        made = document.add_table(rows=0, cols=len(HEAD))
        for row in part:
            for cell, text in zip(made.add_row().cells, row, strict=True):
                cell.text = text
    return saved(document.save)


def as_html(content: list[Part]) -> bytes:
    def markup(part: Part) -> str:
        if isinstance(part, str):
            return f"<p>{html.escape(part)}</p>"
        rows = ("".join(f"<td><p>{html.escape(cell)}</p></td>" for cell in row) for row in part)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    return f"<!doctype html><title>x</title>{''.join(map(markup, content))}".encode()


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


MAKERS = {".csv": as_csv, ".xlsx": as_xlsx, ".docx": as_docx, ".html": as_html}


@pytest.mark.parametrize("ending", MAKERS)
def test_the_table_is_the_same_in_every_format(table: Table, vocabulary: Vocabulary, ending: str) -> None:
    content = MAKERS[ending](list(parts(table)))
    text = as_text(Path(f"report{ending}"), content, vocabulary.of("layout"))
    found = read_plain(text, vocabulary)

    def brief(each: Table) -> list[tuple[object, ...]]:
        return [
            (*cells(each, row), row.number, row.part, row.line, row.mentions, row.status) for row in each.rows
        ]

    assert brief(found) == brief(table)
    assert [found.manuscript.words(piece) for piece in found.front] == [
        table.manuscript.words(piece) for piece in table.front
    ]
    assert not found.loose


@pytest.mark.parametrize("ending", MAKERS)
def test_a_status_that_is_not_known_is_not_taken_for_a_comment(vocabulary: Vocabulary, ending: str) -> None:
    row = ["1. Nasjonalbiblioteket skal gjøre noe", "BU", "Utsatt", "Venter på svar"]
    content = MAKERS[ending](["Statusrapport 20.04.2026", "Del I. Tiltaksliste", [HEAD, row]])
    text = as_text(Path(f"report{ending}"), content, vocabulary.of("layout"))
    (found,) = read_plain(text, vocabulary).rows
    assert found.unread == "Utsatt Venter på"


def test_columns_in_another_order_are_known_by_their_head(vocabulary: Vocabulary) -> None:
    rows = [["Status", "Tiltak", "Kommentar", "Ansvar"], ["Løpende", "1. Noe skal gjøres", "Ja", "BU"]]
    text = as_text(Path("report.csv"), as_csv(["Del I. Tiltaksliste", rows]), vocabulary.of("layout"))
    (found,) = read_plain(text, vocabulary).rows
    assert (found.status_stated, [each.stated for each in found.mentions]) == ("Løpende", ["BU"])


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
@pytest.mark.parametrize("content", [b"not a zip", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0 encrypted"])
def test_a_broken_document_is_refused(tmp_path: Path, ending: str, content: bytes) -> None:
    path = tmp_path / f"report{ending}"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="The document cannot be read"):
        read_document(path, [])


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("hello.txt", "hello")
    for ending in (".docx", ".xlsx"):
        path = tmp_path / f"report{ending}"
        path.write_bytes(out.getvalue())
        with pytest.raises(SourceError, match="The document cannot be read"):
            read_document(path, [])


def test_a_document_that_would_unpack_to_too_much_is_refused(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MOST_UNPACKED", 1000)
    with pytest.raises(SourceError, match="would unpack to"):
        as_text(Path("report.docx"), as_docx(list(parts(table))), [])


def test_an_ending_that_is_not_known_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    with pytest.raises(SourceError, match=r"cannot be read.*\n.*\.docx"):
        read_document(path, [])
