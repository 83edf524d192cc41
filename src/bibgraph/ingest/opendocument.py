"""OpenDocument texts (ISO/IEC 26300) as paragraphs and tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

from lxml import etree

from bibgraph.ingest.heads import NO_HEADS, Heads
from bibgraph.ingest.parts import (
    BULLET,
    MERGED,
    MOST_CELLS,
    Cells,
    Part,
    Unreadable,
    is_address,
    table,
    with_links,
)

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_LINK_TARGET = "{http://www.w3.org/1999/xlink}href"
_KIND = b"application/vnd.oasis.opendocument.text"
_SIGNS = {f"{{{_TEXT}}}s": " ", f"{{{_TEXT}}}tab": " ", f"{{{_TEXT}}}line-break": "\n"}
_TEXTS = (f"{{{_TEXT}}}p", f"{{{_TEXT}}}h")
_ROW = f"{{{_TABLE}}}table-row"
_COVERED = f"{{{_TABLE}}}covered-table-cell"
_CELLS = (f"{{{_TABLE}}}table-cell", _COVERED)
_NOTE = f"{{{_TEXT}}}note"
_SILENT = (f"{{{_TEXT}}}tracked-changes", _NOTE, f"{{{_OFFICE}}}annotation")
_LIST, _ITEM = f"{{{_TEXT}}}list", f"{{{_TEXT}}}list-item"


def read_odt(content: bytes, _: Heads = NO_HEADS) -> Iterable[Part]:
    """Paragraphs and tables in their order, then footnotes; what is marked as deleted is left out.

    In cells, the numbers and bullets of lists are text too.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if packed.read("mimetype").strip() != _KIND:
            raise Unreadable("mimetype")
        if b"manifest:encryption-data" in packed.read("META-INF/manifest.xml"):
            raise Unreadable("encrypted")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(packed.read("content.xml"), parser)
        styled = "styles.xml" in packed.namelist()
        styles = [etree.fromstring(packed.read("styles.xml"), parser)] if styled else []
    body = root.find(f"{{{_OFFICE}}}body/{{{_OFFICE}}}text")
    if body is None:
        raise Unreadable("office:text")
    lists = _Lists([*styles, root])
    yield from _parts(body, lists)
    for note in body.iter(_NOTE):
        for paragraph in note.iterfind(f"{{{_TEXT}}}note-body//{_TEXTS[0]}"):
            yield Part(with_links(*_said(paragraph)))


class _Lists:
    """The kinds of lists by name, and how far those that go on have been counted."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._numbered = {
            str(style.get(f"{_STYLE}name")): style.find(f"{{{_TEXT}}}list-level-style-number") is not None
            for root in roots
            for style in root.iter(f"{{{_TEXT}}}list-style")
        }
        self._counted: dict[str, int] = {}

    def before(self, paragraph: etree._Element) -> str:
        """The number or bullet of a paragraph that begins an item of a list, with a blank after it."""
        item = paragraph.getparent()
        if item is None or item.tag != _ITEM or next(item.iterchildren(*_TEXTS), None) is not paragraph:
            return ""
        outer = list(item.iterancestors(_LIST))[-1]
        style = str(outer.get(f"{{{_TEXT}}}style-name"))
        if not self._numbered.get(style):
            return f"{BULLET} "
        self._counted[style] = _stated(item, outer) or self._counted.get(style, 0) + 1
        return f"{self._counted[style]}. "


def _stated(item: etree._Element, outer: etree._Element) -> int:
    """The number that an item states for itself; 1 for the first of a list that does not go on; else 0."""
    stated = str(item.get(f"{{{_TEXT}}}start-value") or "")
    if stated.isdecimal():
        return int(stated)
    goes_on = outer.get(f"{{{_TEXT}}}continue-numbering") == "true" or outer.get(f"{{{_TEXT}}}continue-list")
    return 0 if goes_on or next(outer.iter(_ITEM)) is not item else 1


def _parts(element: etree._Element, lists: _Lists) -> Iterator[Part]:
    for child in element:
        if child.tag in _TEXTS:
            yield Part(with_links(*_said(child)))
        elif child.tag == f"{{{_TABLE}}}table":
            yield table(_rows(child, lists))
        elif child.tag not in _SILENT and isinstance(child.tag, str):
            yield from _parts(child, lists)


def _rows(element: etree._Element, lists: _Lists) -> Iterator[Cells]:
    below: dict[int, int] = {}
    for row in element.iter(_ROW):
        if next(row.iterancestors(f"{{{_TABLE}}}table")) is not element:
            continue
        cells: Cells = []
        for cell in row.iterchildren(*_CELLS):
            at = len(cells)
            merged = cell.tag == _COVERED and below.get(at, 0) > 0
            below[at] = below.get(at, 0) - 1 if merged else _number(cell, "rows-spanned") - 1
            text = MERGED if merged else _cell(cell, lists)
            cells += [text] * min(_number(cell, "columns-repeated"), MOST_CELLS)
        yield cells[:MOST_CELLS]


def _number(cell: etree._Element, name: str) -> int:
    stated = str(cell.get(f"{{{_TABLE}}}number-{name}") or "")
    return int(stated) if stated.isdecimal() else 1


def _cell(cell: etree._Element, lists: _Lists) -> str:
    texts, links = list[str](), list[str]()
    for paragraph in cell.iter(*_TEXTS):
        if next(paragraph.iterancestors(*_SILENT), None) is None:
            text, led = _said(paragraph)
            texts.append(lists.before(paragraph) + text if text.strip() else text)
            links += led
    return with_links("\n".join(texts), links)


def _said(paragraph: etree._Element) -> tuple[str, list[str]]:
    links = (str(link.get(_LINK_TARGET) or "") for link in paragraph.iter(f"{{{_TEXT}}}a"))
    return "".join(_words(paragraph)), list(filter(is_address, links))


def _words(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in _SIGNS:
            yield _SIGNS[str(child.tag)]
        elif child.tag not in _SILENT and isinstance(child.tag, str):
            yield from _words(child)
        yield child.tail or ""
