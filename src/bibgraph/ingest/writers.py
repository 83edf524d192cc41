"""A printed report in the formats that offices use; closed measures are grey where there is colour."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterator

import docx
import openpyxl
from docx.shared import RGBColor
from openpyxl.styles import Font

from bibgraph.ingest.printing import Printed, PrintedRow

_GREY = "808080"
_LINK = re.compile(r"https?://[^\s<>\\|`]*[^\s<>\\|`.,;:!?)»]")
_BARE = re.compile(rf"({_LINK.pattern})(?=\s|[.,;:!?)»]|\Z)")
_SIGNS = re.compile(r"[\\`*_\[\]<>&#|~!]")
_LIST = re.compile(r"\A(\s*\d{1,9})([.)])|\A(?=[-+=])")


def text(report: Printed) -> bytes:
    """Plain text, as it comes out of a PDF: links stand after the table."""
    parts = [*report.front]
    for table in report.tables:
        parts += [*table.headings, " ".join(report.head)]
        for row in table.rows:
            wording, units, status, comment = row.cells
            beside = " ".join(filter(None, (units, status, comment)))
            parts += [wording, beside if status else f"{units}\n\n{comment}".strip()]
        links = [link for row in table.rows for link in row.links]
        parts += ["\n".join(links)] if links else []
    return ("\n\n".join([*parts, "  ".join(report.legend)]) + "\n").encode()


def markdown(report: Printed) -> bytes:
    """Markdown with tables, as GitHub reads them."""

    def line(cells: tuple[str, ...]) -> str:
        escaped = (_markup(cell).replace("\n", "<br>") for cell in cells)
        return f"| {' | '.join(escaped)} |"

    first, *others = [_paragraph(paragraph) for paragraph in report.front] or [""]
    parts = [f"# {first}", *others] if first else []
    for table in report.tables:
        parts += [f"## {_markup(heading)}" for heading in table.headings]
        rows = (line(_with_links(row)) for row in table.rows)
        ruler = f"|{' --- |' * len(report.head)}"
        parts.append("\n".join([line(report.head), ruler, *rows]))
    return ("\n\n".join([*parts, *map(_paragraph, report.legend)]) + "\n").encode()


def _markup(text: str) -> str:
    """Words as Markdown has to write them (CommonMark): signs of its own with a backslash, links as such."""
    parts = [
        part if _LINK.fullmatch(part) else _SIGNS.sub(r"\\\g<0>", part) for part in _BARE.split(text) if part
    ]
    return "".join(f"<{part}>" if _LINK.fullmatch(part) else part for part in parts)


def _paragraph(text: str) -> str:
    """The same for a paragraph, which must not begin as a list does."""
    return _LIST.sub(r"\1\\\2", _markup(text))


def as_csv(report: Printed) -> bytes:
    """CSV (RFC 4180), headings as rows of one cell."""
    out = io.StringIO()
    csv.writer(out).writerows(row for row, _ in _lines(report, report.front))
    return out.getvalue().encode()


def xlsx(report: Printed) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, (row, closed) in enumerate(_lines(report, _above(report)), 1):
        sheet.append(list(row))
        if closed:
            for cell in sheet[number]:
                cell.font = Font(color=_GREY)
    return _saved(book.save)


def docx_(report: Printed) -> bytes:
    """A document for word processors."""
    document = docx.Document()
    for paragraph in _above(report):
        document.add_paragraph(paragraph)
    for table in report.tables:
        for heading in table.headings:
            document.add_heading(heading, 2)
        made = document.add_table(rows=0, cols=len(report.head))
        for cells, closed in [(report.head, False), *((_with_links(row), row.closed) for row in table.rows)]:
            for cell, words in zip(made.add_row().cells, cells, strict=True):
                run = cell.paragraphs[0].add_run(words)
                if closed:
                    run.font.color.rgb = RGBColor.from_string(_GREY)
    for each in report.legend:
        document.add_paragraph(each)
    return _saved(document.save)


def html_(report: Printed) -> bytes:
    """A page by itself."""

    def cells(row: tuple[str, ...], tag: str) -> str:
        escaped = (html.escape(cell).replace("\n", "<br>") for cell in row)
        return "".join(f"<{tag}>{cell}</{tag}>" for cell in escaped)

    parts = [f"<p>{html.escape(paragraph)}</p>" for paragraph in _above(report)]
    for table in report.tables:
        parts += [f"<h2>{html.escape(heading)}</h2>" for heading in table.headings]
        parts += ["<table>", f"<tr>{cells(report.head, 'th')}</tr>"]
        for row in table.rows:
            grey = ' class="closed"' if row.closed else ""
            parts.append(f"<tr{grey}>{cells(_with_links(row), 'td')}</tr>")
        parts.append("</table>")
    parts += [f"<p>{html.escape(each)}</p>" for each in report.legend]
    title = html.escape(report.title)
    style = (
        f"<style>.closed {{ color: #{_GREY} }} table {{ border-collapse: collapse }} "
        "th, td { border: 1px solid; padding: 0.2em 0.4em; vertical-align: top }</style>"
    )
    page = f'<!doctype html>\n<html lang="{report.language}">\n<meta charset="utf-8">\n'
    page += f"<title>{title}</title>\n{style}\n"
    return (page + "\n".join(parts) + "\n</html>\n").encode()


WRITERS: dict[str, Callable[[Printed], bytes]] = {
    "text": text,
    "markdown": markdown,
    "csv": as_csv,
    "html": html_,
    "docx": docx_,
    "xlsx": xlsx,
}
"""How reports are written, by the names of the formats."""


def _with_links(row: PrintedRow) -> tuple[str, ...]:
    """The cells; links follow the comment, each in a line of its own."""
    *cells, comment = row.cells
    return (*cells, "\n".join([comment, *row.links]).strip())


def _above(report: Printed) -> tuple[str, ...]:
    """What stands above the tables where there is colour: the note on it last."""
    return (*report.front, report.note) if report.note else report.front


def _lines(report: Printed, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The rows of a sheet, and whether they are closed."""
    yield from (((paragraph,), False) for paragraph in above)
    for table in report.tables:
        yield from (((heading,), False) for heading in table.headings)
        yield report.head, False
        yield from ((_with_links(row), row.closed) for row in table.rows)
    yield from (((each,), False) for each in report.legend)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()
