"""HTML, and Markdown by way of it, as paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import html
from markdown_it import MarkdownIt

from bibgraph.ingest.parts import Part, Unreadable, is_address, table, with_links

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE)
_SILENT = {"head", "script", "style", "template", "noscript", "title", "colgroup", "del"}
_INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s", "small"}
_INLINE |= {"span", "strong", "sub", "sup", "time", "u", "wbr"}
_WHITE = re.compile(r"[ \t\r\n\f]+")


def read_html(content: bytes, _: Sequence[str] = ()) -> Iterable[Part]:
    """The parts of a page. Raises Unreadable for bytes that are not in the encoding that it states."""
    return _parts(_decoded(content))


def read_markdown(content: bytes, _: Sequence[str] = ()) -> Iterable[Part]:
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
    """Goes through a page, and gathers text until a block begins or ends."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._links: list[str] = []

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
            elif tag and tag not in _SILENT:
                yield from self._paragraph()
                yield from self._below(child)
                yield from self._paragraph()
            self._text.append(_WHITE.sub(" ", child.tail or ""))

    def _note(self, element: html.HtmlElement) -> None:
        target = str(element.get("href") or "").strip()
        if element.tag == "a" and is_address(target):
            self._links.append(target)

    def _paragraph(self) -> Iterator[Part]:
        text = with_links("".join(self._text), self._links)
        self._text, self._links = [], []
        if text.strip():
            yield Part(text)


def _rows(element: html.HtmlElement) -> Iterator[list[str]]:
    """The rows of a table; a cell over several columns or rows stands in the first."""
    below: dict[int, int] = {}
    for row in element.iter("tr"):
        if next(row.iterancestors("table")) is not element:
            continue
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _skip(cells, below)
            if _number(cell, "rowspan") > 1:
                below[len(cells)] = _number(cell, "rowspan") - 1
            cells += [_cell(cell), *[""] * (_number(cell, "colspan") - 1)]
        _skip(cells, below)
        yield cells


def _skip(cells: list[str], below: dict[int, int]) -> None:
    """Leave the places empty that a cell of an earlier row reaches down to."""
    while below.get(len(cells), 0) > 0:
        below[len(cells)] -= 1
        cells.append("")


def _number(cell: html.HtmlElement, name: str) -> int:
    stated = str(cell.get(name) or "")
    return min(int(stated), 20) if stated.isdecimal() and int(stated) else 1


def _cell(cell: html.HtmlElement) -> str:
    """The text of a cell, its blocks in lines of their own; what tables within it say stands there too."""
    texts = [part.text or "\n".join(" ".join(row) for row in part.rows) for part in _Walk().parts(cell)]
    return "\n".join(texts)
