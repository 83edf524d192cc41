"""Reports in PDF with a text layer: tables by their rules, else by the places of the words under a head."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from bibgraph.ingest.parts import Part, TooMuch, Unreadable, is_address, table, with_links

MOST_PAGES = 100
"""A report has some ten pages."""
_COLUMNS = 4
_LETTERS = 20
"""With fewer letters than this a document has no text layer worth the name."""
_GAP = 1.6
"""Lines further apart than so many of their own heights belong to different paragraphs."""
_FURNITURE = re.compile(r"(?:side|page|s\.)?\s*\d{1,3}\s*(?:(?:av|of|/)\s*\d{1,3})?", re.IGNORECASE)
"""What stands at the edge of every page, and says nothing."""
_CUT_LINK = re.compile(r"(https?://\S+)\n(?!https?://)(\S*[/-]\S*(?=\n|\Z)|\S*/(?=\s))")
"""An address at the end of a line, and what goes on with it: a line of one piece, or what a stroke ends."""

_SIDES = (("x0", min), ("x1", max))

Word = dict[str, Any]


def read_pdf(content: bytes, heads: Iterable[str] = ()) -> Iterator[Part]:
    """The parts of the pages; heads: the printed heads of tables, by which tables without rules are found.

    Raises Unreadable for a document that is broken, encrypted, or without a text layer; TooMuch for one of
    more pages than ``MOST_PAGES``.
    """
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > MOST_PAGES:
                raise TooMuch(len(document.pages), MOST_PAGES, "pages")
            sheets = [_Sheet(page.dedupe_chars(), number) for number, page in enumerate(document.pages, 1)]
            if sum(len(word["text"]) for sheet in sheets for word in sheet.words) < _LETTERS:
                raise Unreadable("no text layer")
            running = _running(sheets)
            columns: list[float] = []
            for sheet in sheets:
                sheet.running = running
                columns = sheet.columns([head.casefold().split() for head in heads]) or columns
                yield from sheet.parts(columns)
    except (PDFException, PdfminerException) as error:
        cause = error.args[0] if error.args else error
        encrypted = isinstance(error, PDFPasswordIncorrect) or isinstance(cause, PDFPasswordIncorrect)
        raise Unreadable("encrypted" if encrypted else str(error) or type(cause).__name__) from error


@dataclass
class _Band:
    """A line of words, from ``top`` to ``bottom``."""

    top: float
    bottom: float
    words: list[Word] = field(default_factory=list)

    def text(self) -> str:
        return " ".join(str(word["text"]) for word in self.words)


class _Sheet:
    """One page."""

    def __init__(self, page: Page, number: int) -> None:
        self._page = page
        self._number = number
        self.running: set[str] = set()
        self.words: list[Word] = page.extract_words(use_text_flow=False, keep_blank_chars=False)
        self._links = [
            (str(link["uri"]), link) for link in page.hyperlinks if is_address(str(link.get("uri") or ""))
        ]

    def columns(self, heads: list[list[str]]) -> list[float]:
        """Where the columns begin under a head that stands in one line; empty if none does."""
        for band in _bands(self.words):
            found = [str(word["text"]).casefold() for word in band.words]
            if found in heads:
                return [float(word["x0"]) - 1 for word in band.words]
        return []

    def parts(self, columns: list[float]) -> Iterator[Part]:
        """Tables and paragraphs from top to bottom."""
        ruled = self._tables(columns)
        if not ruled and columns:
            yield from self._unruled(columns)
            return
        top = 0.0
        for each in sorted(ruled, key=lambda one: one.bbox[1]):
            yield from self._paragraphs(top, each.bbox[1])
            yield from self._ruled_rows(each)
            top = each.bbox[3]
        yield from self._paragraphs(top, float(self._page.height) + 1)

    def _tables(self, columns: list[float]) -> list[Any]:
        """The tables whose rows are ruled: by lines around cells, else by lines between rows alone."""
        vertical, horizontal = self._page.vertical_edges, self._page.horizontal_edges
        ends = sorted({float(edge[end]) for edge in vertical for end in ("top", "bottom")})
        settings: list[dict[str, Any]] = [{"explicit_horizontal_lines": ends}]  # a page may end within a row
        if columns and horizontal:
            sides = [*columns[1:], *(ending(edge[side] for edge in horizontal) for side, ending in _SIDES)]
            settings.append({"vertical_strategy": "explicit", "explicit_vertical_lines": sorted(sides)})
        for each in settings:
            found = [one for one in self._page.find_tables(each) if len(one.rows[0].cells) >= _COLUMNS]
            if found:
                return found
        return []

    def _ruled_rows(self, found: Any) -> Iterator[Part]:  # noqa: ANN401  # the library has no types
        """A row each; text between two tables, which goes through the columns, as paragraphs."""
        for row in found.rows:
            _, top, _, bottom = row.bbox
            if self._spans([box[0] for box in row.cells[1:] if box], top, bottom):
                yield from self._paragraphs(top, bottom)
            else:
                cells = [self._cell(box) if box else "" for box in row.cells]
                yield table([cells], self._number)

    def _cell(self, box: tuple[float, float, float, float]) -> str:
        left, top, right, bottom = box
        inside = [word for word in self.words if _within(word, left, top, right, bottom)]
        links = [uri for uri, link in self._links if _within(link, left, top, right, bottom)]
        text = _whole_links("\n".join(band.text() for band in _bands(inside)), links)
        return with_links(text, links)

    def _unruled(self, columns: list[float]) -> Iterator[Part]:
        """Rows by the words' places: one begins at a number, or after a gap that goes through all columns."""
        edges = [*columns, float(self._page.width) + 1]
        rows: list[list[float]] = []
        before: _Band | None = None
        for band in self._body():
            apart = before is None or band.top - before.bottom > (band.bottom - band.top)
            numbered = re.match(r"\d{1,2}\.(?:\s|\w)", band.text()) is not None
            if apart or numbered or _is_head(before, columns) or _is_head(band, columns):
                rows.append([band.top - 1, band.bottom + 1])
            rows[-1][1] = band.bottom + 1
            before = band
        for top, bottom in rows:
            first = min((float(word["x0"]) for word in self.words if top <= word["top"] < bottom), default=0)
            cells = [self._cell((left, top, right, bottom)) for left, right in pairwise(edges)]
            if self._spans(columns[1:], top, bottom) or first < columns[0] - _LETTERS:
                yield from self._paragraphs(top, bottom)
            else:
                yield table([cells], self._number)

    def _spans(self, edges: list[float], top: float, bottom: float) -> bool:
        """Whether words go through the place where a column begins."""
        runs = list(self._runs(top, bottom))
        return any(left + 1 < edge < right - 1 for edge in edges for left, right in runs)

    def _runs(self, top: float, bottom: float) -> Iterator[tuple[float, float]]:
        """Where words stand so near each other in a line that no column can begin between them."""
        for band in _bands([word for word in self.words if top <= word["top"] < bottom]):
            run: list[float] = []
            for word in band.words:
                if run and word["x0"] - run[1] < (band.bottom - band.top) * 0.6:
                    run[1] = word["x1"]
                    continue
                if run:
                    yield run[0], run[1]
                run = [word["x0"], word["x1"]]
            if run:
                yield run[0], run[1]

    def _body(self) -> list[_Band]:
        """The lines without those at the edges that every page has."""
        bands = _bands(self.words)
        while bands and self._is_furniture(bands[-1]):
            bands.pop()
        while bands and self._is_furniture(bands[0]):
            bands.pop(0)
        return bands

    def edges(self) -> set[str]:
        """The first and the last line, whatever their numbers are."""
        bands = _bands(self.words)
        return {_without_numbers(band.text()) for band in (*bands[:1], *bands[-1:])}

    def _is_furniture(self, band: _Band) -> bool:
        text = band.text().strip()
        return _without_numbers(text) in self.running or _FURNITURE.fullmatch(text) is not None

    def _paragraphs(self, top: float, bottom: float) -> Iterator[Part]:
        """The text between two heights, a paragraph where the lines stand far apart."""
        held: list[_Band] = []
        for band in [each for each in self._body() if top <= (each.top + each.bottom) / 2 < bottom]:
            if held and band.top - held[-1].bottom > (_GAP - 1) * (band.bottom - band.top):
                yield self._paragraph(held)
                held = []
            held.append(band)
        if held:
            yield self._paragraph(held)

    def _paragraph(self, bands: list[_Band]) -> Part:
        return Part("\n".join(band.text() for band in bands), page=self._number)


def _running(sheets: list[_Sheet]) -> set[str]:
    """The lines that stand at the edge of most pages: running heads and feet."""
    counted = Counter(line for sheet in sheets for line in sheet.edges())
    return {line for line, count in counted.items() if count > 1 and count > len(sheets) / 2}


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", text.strip())


def _whole_links(text: str, links: Iterable[str]) -> str:
    """The text with the addresses whole that line ends have cut: those of ``links``, and what looks so."""
    for link in links:
        text = re.sub(r"\n?".join(map(re.escape, link)), link.replace("\\", r"\\"), text)
    while _CUT_LINK.search(text):
        text = _CUT_LINK.sub(r"\1\2", text)
    return text


def _is_head(band: _Band | None, columns: list[float]) -> bool:
    return band is not None and [float(word["x0"]) - 1 for word in band.words] == columns


def _within(thing: Word, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether the middle of a thing lies in the box."""
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(left <= across < right and top <= down < bottom)


def _bands(words: Iterable[Word]) -> list[_Band]:
    """The words in lines, from top to bottom; in each, from left to right."""
    bands: list[_Band] = []
    for word in sorted(words, key=lambda each: (each["top"] + each["bottom"], each["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if bands and bands[-1].top <= middle < bands[-1].bottom:
            bands[-1].words.append(word)
            continue
        bands.append(_Band(float(word["top"]), float(word["bottom"]), [word]))
    for band in bands:
        band.words.sort(key=lambda each: float(each["x0"]))
    return bands
