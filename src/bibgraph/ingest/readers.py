"""Documents that have cells, as the plain text that such a report is when it comes out of a PDF.

So one reader understands all, and what is kept and quoted is text. A row becomes its wording, an empty line,
and units, status and comment; all else is a paragraph.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import docx
import openpyxl
from docx.opc.exceptions import OpcError
from docx.table import Table as DocxTable
from lxml import etree, html

from bibgraph.errors import SourceError
from bibgraph.ingest.links import LINK
from bibgraph.messages import message

Cells = list[str]
Part = str | list[Cells]
"""A paragraph, or a table as rows of cells."""

MOST_UNPACKED = 50_000_000
"""More bytes than this are not unpacked from a document, whatever its own size."""
MOST_ROWS = 5_000
_COLUMNS = 4
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    OSError,
    OpcError,
    etree.LxmlError,
    csv.Error,
)


def as_text(path: Path, content: bytes, heads: Iterable[str]) -> str:
    """The document as plain text; heads: the printed heads of tables, whose words name the columns.

    The ending of the name decides how it is read. Raises SourceError for one that is unknown, and for a
    document that cannot be read or would unpack to more than is allowed.
    """
    reader = READERS.get(path.suffix.casefold())
    if reader is None:
        raise SourceError(
            message("Documents that end in {ending!r} cannot be read.", ending=path.suffix),
            where=str(path),
            hint=message("Files that can be read end in {allowed}.", allowed=", ".join((".txt", *READERS))),
        )
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            _weigh(path, content)
        parts = list(reader(content))
    except _UNREADABLE as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise SourceError(
            message("The document cannot be read: {reason}.", reason=reason),
            where=str(path),
            hint=message("Open it in the program it was made with, save it anew, and import that."),
        ) from error
    return "\n\n".join(text for part in parts for text in _texts(part, list(heads)) if text) + "\n"


def _weigh(path: Path, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = sum(entry.file_size for entry in packed.infolist())
    if size > MOST_UNPACKED:
        raise SourceError(
            message("The document would unpack to {size} bytes.", size=size),
            where=str(path),
            hint=message("At most {most} bytes are read.", most=MOST_UNPACKED),
        )


def _texts(part: Part, heads: list[str]) -> Iterator[str]:
    if isinstance(part, str):
        yield _lines(part)
        return
    order = list(range(_COLUMNS))
    for cells in part[:MOST_ROWS]:
        filled = [cell for cell in cells if cell.strip()]
        found = _head(filled, heads)
        if found:
            order = [next(at for at, cell in enumerate(cells) if _same(cell, word)) for word in found.split()]
            yield found
        elif len(set(filled)) == 1:  # or a cell that spans the others, which DOCX repeats
            yield _lines(filled[0])
        elif filled:
            yield from _row([_lines(cells[at]) if at < len(cells) else "" for at in order])


def _row(cells: Cells) -> Iterator[str]:
    """Wording and answer. A status that is missing parts the comment from the units by an empty line."""
    wording, units, status, comment = cells
    yield wording
    units, status = " ".join(units.split()), " ".join(status.split())
    comment, links = _parted(comment)
    yield " ".join(filter(None, (units, status, comment))) if status else f"{units}\n\n{comment}".strip()
    yield "\n".join(links)


def _parted(comment: str) -> tuple[str, Cells]:
    """A comment without the links that stand in lines of their own at its end, and these."""
    lines, links = comment.split("\n"), Cells()
    while len(lines) > 1 and LINK.fullmatch(lines[-1]):
        links.insert(0, lines.pop())
    return "\n".join(lines), links


def _head(cells: Cells, heads: list[str]) -> str:
    """The head of a table that these cells are, in whatever order; empty if they are none."""
    words = sorted(cell.strip().casefold() for cell in cells)
    return next((head for head in heads if sorted(head.casefold().split()) == words), "")


def _same(cell: str, word: str) -> bool:
    return cell.strip().casefold() == word.casefold()


def _lines(text: str) -> str:
    """The lines that are not blank, white space in them as one blank."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _csv(content: bytes) -> Iterator[Part]:
    text = content.decode("utf-8-sig")
    sample = text[:4096]
    delimiter = max(",;\t", key=sample.count)
    yield list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _xlsx(content: bytes) -> Iterator[Part]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=20, values_only=True)
        yield [["" if value is None else str(value) for value in row] for row in rows]


def _docx(content: bytes) -> Iterator[Part]:
    for item in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(item, DocxTable):
            yield [[cell.text for cell in row.cells] for row in item.rows]
        else:
            yield item.text


def _html(content: bytes) -> Iterator[Part]:
    root = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    for line_break in root.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    for element in root.iter("h1", "h2", "h3", "h4", "p", "li", "table"):
        inside = any(parent.tag == "table" for parent in element.iterancestors())
        if element.tag == "table":
            yield [[_content(cell) for cell in row.iter("td", "th")] for row in element.iter("tr")]
        elif not inside:
            yield _content(element)


def _content(element: html.HtmlElement) -> str:
    return str(element.text_content())


READERS: dict[str, Callable[[bytes], Iterator[Part]]] = {
    ".csv": _csv,
    ".docx": _docx,
    ".htm": _html,
    ".html": _html,
    ".xlsx": _xlsx,
}
"""How documents are read, by the endings of their names; plain text is read elsewhere."""
