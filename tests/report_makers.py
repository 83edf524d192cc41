"""A report's paragraphs and tables as documents of every format that can be read."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
import openpyxl
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from bibgraph.ingest.table import Row
from bibgraph.ingest.table import Table as Report

HEAD = ["Tiltak", "Ansvar", "Status", "Kommentar"]
Part = str | list[list[str]]


def cells(report: Report, row: Row) -> list[str]:
    """The four cells of a row; links stand in lines of their own after the comment."""
    responsible = report.manuscript.words(row.responsible) if row.responsible else ""
    comment = "\n".join([report.words(row.comment), *dict.fromkeys(link for link, _ in row.links)]).strip()
    return [report.words(row.wording), responsible, row.status_stated or row.unread, comment]


def parts(report: Report) -> Iterator[Part]:
    """The report as paragraphs and tables, each table under its headings."""
    words = report.manuscript.words
    yield from (words(piece) for piece in report.front)
    headings = {piece.start: words(piece) for _, piece in [*report.parts, *report.lines]}
    heads = {piece.start for reason, piece in report.layout if "table-head" in reason}
    rows = {row.wording[0].start: cells(report, row) for row in report.rows}
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
    yield "  ".join(words(piece) for _, piece in report.legend)


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
    def lines(text: str) -> str:
        return "".join(f"<p>{html.escape(line)}</p>\n" for line in text.split("\n"))

    def markup(part: Part) -> str:
        if isinstance(part, str):
            return lines(part)
        rows = ("".join(f"<td>{lines(cell)}</td>\n" for cell in row) for row in part)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    return f"<!doctype html><title>x</title>{''.join(map(markup, content))}".encode()


def as_markdown(content: list[Part]) -> bytes:
    def line(row: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in row) + " |"

    blocks = []
    for part in content:
        if isinstance(part, str):
            blocks.append(part)
            continue
        head, *rows = part
        blocks.append("\n".join([line(head), "|---|---|---|---|", *map(line, rows)]))
    return "\n\n".join(blocks).encode()


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def as_odt(content: list[Part]) -> bytes:
    def paragraphs(text: str) -> str:
        return "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))

    def markup(part: Part) -> str:
        if isinstance(part, str):
            return paragraphs(part)
        rows = (
            "".join(f"<table:table-cell>{paragraphs(cell)}</table:table-cell>" for cell in row)
            for row in part
        )
        lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        return f'<table:table><table:table-column table:number-columns-repeated="4"/>{lines}</table:table>'

    names = " ".join(
        f"xmlns:{name}={quoteattr(f'{_ODF}:{name}:1.0')}" for name in ("office", "text", "table")
    )
    body = "".join(map(markup, content))
    return packed_odt(
        f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )


def packed_odt(content: str, manifest: str = "") -> bytes:
    """An OpenDocument text around its content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        packed.writestr("content.xml", content)
    return out.getvalue()


RULES: dict[str, list[Any]] = {
    "around": [("GRID", (0, 0), (-1, -1), 0.5, "black")],
    "between": [("LINEBELOW", (0, 0), (-1, -1), 0.5, "black"), ("LINEABOVE", (0, 0), (-1, -1), 0.5, "black")],
    "none": [("BOTTOMPADDING", (0, 0), (-1, -1), 14)],
}


def as_pdf(
    content: list[Part],
    *,
    rules: str = "around",
    repeat: int = 0,
    encrypt: str | None = None,
    running: bool = False,
) -> bytes:
    """A PDF whose cells are wrapped, and whose pages end wherever they are full, within a row if need be.

    running: whether every page has a head and a foot, as browsers print them.
    """
    pdfmetrics.registerFont(TTFont("Sans", "Vera.ttf"))
    style = ParagraphStyle("cell", fontName="Sans", fontSize=9, leading=11, splitLongWords=1)
    flowables: list[Flowable] = []
    for part in content:
        if isinstance(part, str):
            flowables += [Paragraph(escape(part), style), Spacer(1, 14)]
            continue
        rows = [[Paragraph(escape(cell).replace("\n", "<br/>"), style) for cell in row] for row in part]
        made = Table(rows, colWidths=[190, 60, 75, 200], repeatRows=repeat, splitInRow=1)
        made.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *RULES[rules]]))
        flowables += [made, Spacer(1, 20)]
    out = io.BytesIO()
    document = SimpleDocTemplate(out, pagesize=A4, encrypt=encrypt)
    if running:
        document.build(flowables, onFirstPage=_framed, onLaterPages=_framed)
    else:
        document.build(flowables, onLaterPages=_numbered)
    return out.getvalue()


def _numbered(canvas: object, document: object) -> None:
    """Print the number of the page at its foot."""
    canvas.drawCentredString(300, 30, str(document.page))  # type: ignore[attr-defined]  # reportlab's own


def _framed(canvas: object, document: object) -> None:
    """Print a head and a foot, with the number of the page."""
    canvas.drawString(40, 820, "20.04.2026, 10:51 Nasjonal bibliotekstrategi")  # type: ignore[attr-defined]
    canvas.drawString(40, 20, f"rapport.html {document.page}/9")  # type: ignore[attr-defined]


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


MAKERS: dict[str, Callable[[list[Part]], bytes]] = {
    ".csv": as_csv,
    ".xlsx": as_xlsx,
    ".docx": as_docx,
    ".html": as_html,
    ".md": as_markdown,
    ".odt": as_odt,
    ".pdf": as_pdf,
}
