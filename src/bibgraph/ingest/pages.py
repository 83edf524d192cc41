"""HTML, and Markdown by way of it, as paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import html
from markdown_it import MarkdownIt

from bibgraph.ingest.heads import NO_HEADS, Heads
from bibgraph.ingest.parts import BULLET, MERGED, Part, Unreadable, is_address, table, with_links

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE)
_SILENT = {"head", "script", "style", "template", "noscript", "title", "colgroup", "del"}
_EDGES = ("header", "footer")
"""The titles by which LibreOffice marks the head and the foot of a page."""
_INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s", "small"}
_INLINE |= {"span", "strong", "sub", "sup", "time", "u", "wbr"}
_WHITE = re.compile(r"[ \t\r\n\f]+")


def read_html(content: bytes, _: Heads = NO_HEADS) -> Iterable[Part]:
    """The parts of a page. Raises Unreadable for bytes that are not in the encoding that it states."""
    return _parts(_decoded(content))


def read_markdown(content: bytes, _: Heads = NO_HEADS) -> Iterable[Part]:
    """The parts of a text in Markdown (CommonMark, with tables as GitHub has them)."""
    text = _utf8(content)
    return _parts(MarkdownIt("commonmark").enable("table").render(text))


def _decoded(content: bytes) -> str:
    """The text of a page, by its byte order mark or the encoding that it states; else UTF-8 (WHATWG HTML)."""
    stated = _CHARSET.search(content[:4096])
    name = stated[1].decode("ascii").lower() if stated else "utf-8"
    if content.startswith(b"\xef\xbb\xbf") or name in ("utf-8", "utf8"):
        return _utf8(content)
    try:
        return content.decode("cp1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name)
    except (LookupError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error


def _utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error


def _parts(text: str) -> Iterator[Part]:
    if "\0" in text or not text.strip():
        raise Unreadable("no text" if "\0" not in text else "NUL")
    root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    yield from _Walk().parts(root)


class _Walk:
    """Goes through a page, and gathers text until a block begins or ends.

    cell: whether it goes through a cell only, whose links its reader puts at its end, and in which the
    numbers and bullets of lists are text too.
    """

    def __init__(self, *, cell: bool = False) -> None:
        self._text: list[str] = []
        self._links: list[str] = []
        self._cell = cell
        self.led: list[str] = []

    def parts(self, root: html.HtmlElement) -> Iterator[Part]:
        yield from self._below(root)
        yield from self._paragraph()

    def _below(self, element: html.HtmlElement) -> Iterator[Part]:
        self._text.append(_WHITE.sub(" ", element.text or ""))
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == "table":
                yield from self._paragraph()
                yield table(_rows(child))
            elif tag == "br":
                self._text.append("\n")
            elif tag in _INLINE:
                self._note(child)
                yield from self._below(child)
            elif tag and tag not in _SILENT and child.get("title") not in _EDGES:
                yield from self._paragraph()
                self._text.append(_item(child) if self._cell and tag == "li" else "")
                yield from self._below(child)
                yield from self._paragraph()
            self._text.append(_WHITE.sub(" ", child.tail or ""))

    def _note(self, element: html.HtmlElement) -> None:
        target = str(element.get("href") or "").strip()
        if element.tag == "a" and is_address(target):
            self._links.append(target)

    def _paragraph(self) -> Iterator[Part]:
        said = "".join(self._text)
        text = said if self._cell else with_links(said, self._links)
        self.led += self._links
        self._text, self._links = [], []
        if text.strip():
            yield Part(text)


def _item(item: html.HtmlElement) -> str:
    """What a browser prints before an item of a list."""
    listed = item.getparent()
    if listed is None or listed.tag != "ol":
        return f"{BULLET} "
    stated = [str(each.get(name) or "") for each, name in ((item, "value"), (listed, "start"))]
    begins = next((int(each) for each in stated if each.isdecimal()), 1)
    place = 0 if stated[0].isdecimal() else list(listed.iterchildren("li")).index(item)
    return f"{begins + place}. "


def _rows(element: html.HtmlElement) -> Iterator[list[str]]:
    """The rows of a table; a cell over several columns stands in the first."""
    below: dict[int, int] = {}
    for row in element.iter("tr"):
        if next(row.iterancestors("table")) is not element:
            continue
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _skip(cells, below)
            for at in range(len(cells), len(cells) + _number(cell, "colspan")):
                below[at] = _number(cell, "rowspan") - 1
            cells += [_cell(cell), *[""] * (_number(cell, "colspan") - 1)]
        _skip(cells, below)
        yield cells


def _skip(cells: list[str], below: dict[int, int]) -> None:
    """Mark the places that a cell of an earlier row reaches down to."""
    while below.get(len(cells), 0) > 0:
        below[len(cells)] -= 1
        cells.append(MERGED)


def _number(cell: html.HtmlElement, name: str) -> int:
    stated = str(cell.get(name) or "")
    return min(int(stated), 20) if stated.isdecimal() and int(stated) else 1


def _cell(cell: html.HtmlElement) -> str:
    """The text of a cell, its blocks in lines of their own; what tables within it say stands there too."""
    walk = _Walk(cell=True)
    texts = [part.text or "\n".join(" ".join(row) for row in part.rows) for part in walk.parts(cell)]
    return with_links("\n".join(texts), walk.led)
