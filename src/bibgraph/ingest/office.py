"""Documents of word processors and spreadsheets as paragraphs and tables."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import docx
import openpyxl
from docx.oxml.ns import qn
from lxml import etree

from bibgraph.ingest.parts import MOST_CELLS, Cells, Part, Unreadable, is_address, table, with_links

_W = {name: qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "t", "tab", "br", "cr", "noBreakHyphen")}
_W |= {name: qn(f"w:{name}") for name in ("del", "moveFrom", "hyperlink", "gridSpan", "vMerge", "val")}
_R_ID = qn("r:id")
_WORD_SIGNS = {_W["tab"]: " ", _W["br"]: "\n", _W["cr"]: "\n", _W["noBreakHyphen"]: "-"}

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_LINK_TARGET = "{http://www.w3.org/1999/xlink}href"
_ODT = b"application/vnd.oasis.opendocument.text"
_ODF_SIGNS = {f"{{{_TEXT}}}s": " ", f"{{{_TEXT}}}tab": " ", f"{{{_TEXT}}}line-break": "\n"}
_ODF_TEXTS = (f"{{{_TEXT}}}p", f"{{{_TEXT}}}h")
_ODF_ROW = f"{{{_TABLE}}}table-row"
_ODF_CELLS = (f"{{{_TABLE}}}table-cell", f"{{{_TABLE}}}covered-table-cell")
_ODF_SILENT = (f"{{{_TEXT}}}tracked-changes", f"{{{_TEXT}}}note", f"{{{_OFFICE}}}annotation")


def read_csv(content: bytes, _: Sequence[str] = ()) -> Iterable[Part]:
    """The rows of a text in CSV (RFC 4180); commas, semicolons or tabs part the cells."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error
    if "\0" in text:
        raise Unreadable("NUL")
    delimiter = max(",;\t", key=lambda sign: _columns(text, sign))
    yield table(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _columns(text: str, delimiter: str) -> int:
    """How many rows have several cells, if this parts them."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return sum(1 for _, row in zip(range(200), rows, strict=False) if len(row) > 3)  # noqa: PLR2004  # of four


def read_xlsx(content: bytes, _: Sequence[str] = ()) -> Iterable[Part]:
    """The rows of each sheet that is not hidden."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            rows = sheet.iter_rows(max_col=MOST_CELLS, values_only=True)
            yield table([_shown(value) for value in row] for row in rows if any(row))


def _shown(value: object) -> str:
    """What a cell shows; a date that the program made of typed figures is written as Norwegians type it."""
    if isinstance(value, datetime | date):
        return f"{value.day}.{value.month}.{value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def read_docx(content: bytes, _: Sequence[str] = ()) -> Iterable[Part]:
    """Paragraphs and tables in their order; what is marked as deleted is left out, what as inserted is in."""
    document = docx.Document(io.BytesIO(content))
    targets = {key: part.target_ref for key, part in document.part.rels.items() if part.is_external}
    yield from _word_parts(document.element.body, targets)


def _word_parts(element: etree._Element, targets: dict[str, str]) -> Iterator[Part]:
    for child in element:
        if child.tag == _W["p"]:
            yield Part(_word_text(child, targets))
        elif child.tag == _W["tbl"]:
            yield table(_word_row(row, targets) for row in _own(child, _W["tr"], _W["tbl"]))
        else:
            yield from _word_parts(child, targets)


def _own(element: etree._Element, tag: str, fence: str) -> Iterator[etree._Element]:
    """The elements below of this tag that no other ``fence`` within holds."""
    return (each for each in element.iter(tag) if next(each.iterancestors(fence)) is element)


def _word_row(row: etree._Element, targets: dict[str, str]) -> Cells:
    cells: Cells = []
    for cell in _own(row, _W["tc"], _W["tr"]):
        merged = cell.find(f"*/{_W['vMerge']}")
        goes_on = merged is not None and merged.get(_W["val"]) != "restart"
        texts = (_word_text(each, targets) for each in cell.iter(_W["p"]))
        span = cell.find(f"*/{_W['gridSpan']}")
        width = int(span.get(_W["val"]) or 1) if span is not None else 1
        cells += ["" if goes_on else "\n".join(texts), *[""] * (min(width, MOST_CELLS) - 1)]
    return cells


def _word_text(paragraph: etree._Element, targets: dict[str, str]) -> str:
    text, links = [], []
    for each in paragraph.iter(_W["t"], _W["hyperlink"], *_WORD_SIGNS):
        if next(each.iterancestors(_W["del"], _W["moveFrom"]), None) is not None:
            continue
        if each.tag == _W["hyperlink"]:
            links.append(targets.get(str(each.get(_R_ID)), ""))
        else:
            text.append(_WORD_SIGNS.get(str(each.tag)) or each.text or "")
    return with_links("".join(text), filter(is_address, links))


def read_odt(content: bytes, _: Sequence[str] = ()) -> Iterable[Part]:
    """Paragraphs and tables of an OpenDocument text, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if packed.read("mimetype").strip() != _ODT:
            raise Unreadable("mimetype")
        if b"manifest:encryption-data" in packed.read("META-INF/manifest.xml"):
            raise Unreadable("encrypted")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(packed.read("content.xml"), parser)
    body = root.find(f"{{{_OFFICE}}}body/{{{_OFFICE}}}text")
    if body is None:
        raise Unreadable("office:text")
    yield from _odf_parts(body)


def _odf_parts(element: etree._Element) -> Iterator[Part]:
    for child in element:
        if child.tag in _ODF_TEXTS:
            yield Part(_odf_text(child))
        elif child.tag == f"{{{_TABLE}}}table":
            yield table(_odf_rows(child))
        elif child.tag not in _ODF_SILENT and isinstance(child.tag, str):
            yield from _odf_parts(child)


def _odf_rows(element: etree._Element) -> Iterator[Cells]:
    for row in _own(element, _ODF_ROW, f"{{{_TABLE}}}table"):
        cells: Cells = []
        for cell in row.iterchildren(*_ODF_CELLS):
            repeated = str(cell.get(f"{{{_TABLE}}}number-columns-repeated") or "1")
            times = min(int(repeated), MOST_CELLS) if repeated.isdecimal() else 1
            cells += ["\n".join(_odf_text(each) for each in cell.iter(*_ODF_TEXTS))] * times
        yield cells[:MOST_CELLS]


def _odf_text(paragraph: etree._Element) -> str:
    links = [str(link.get(_LINK_TARGET) or "") for link in paragraph.iter(f"{{{_TEXT}}}a")]
    return with_links("".join(_odf_words(paragraph)), filter(is_address, links))


def _odf_words(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in _ODF_SIGNS:
            yield _ODF_SIGNS[str(child.tag)]
        elif child.tag not in _ODF_SILENT and isinstance(child.tag, str):
            yield from _odf_words(child)
        yield child.tail or ""
