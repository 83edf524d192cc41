"""Words with their places on a page, as lines; whatever kind of document they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from bibgraph.ingest.heads import Heads, is_head

_NEAR = 0.45
"""Words nearer than so much of their height stand in one column."""
_EDGE = 3
"""So many lines at the top and at the bottom may be running heads and feet."""
_FURNITURE = re.compile(
    r"(?:side|page|s\.)?\s*[-\u2013]?\s*\d{1,3}\s*(?:(?:av|of|/)\s*\d{1,3})?\s*[-\u2013]?", re.IGNORECASE
)
"""What stands at the edge of every page, and says nothing."""


@dataclass(frozen=True)
class Word:
    """A word from ``left`` to ``right`` and from ``top`` to ``bottom``, counted from the top left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half-way between its top and its bottom."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Link:
    """An address, and the middle of the place on the page that leads there."""

    address: str
    across: float
    down: float


@dataclass(frozen=True)
class Rule:
    """A straight line at ``at``, from ``begin`` to ``end``: across the page, or down it."""

    at: float
    begin: float
    end: float


@dataclass
class Line:
    """Words side by side, from left to right."""

    top: float
    bottom: float
    words: list[Word] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Half-way between its top and its bottom."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """From its top to its bottom."""
        return self.bottom - self.top

    def text(self) -> str:
        """The words, with blanks between them."""
        return " ".join(word.text for word in self.words)

    def within(self, left: float, right: float) -> str:
        """The words whose middles lie between two places."""
        return " ".join(word.text for word in self.words if left <= (word.left + word.right) / 2 < right)

    def runs(self) -> Iterator[Word]:
        """Words that stand so near each other that no column can begin between them, as one."""
        held: list[Word] = []
        for word in self.words:
            if held and word.left - held[-1].right >= self.height * _NEAR:
                yield _one(held)
                held = []
            held.append(word)
        if held:
            yield _one(held)


@dataclass
class Sheet:
    """One page: its number and width, the words, the rules across and down, and the links on it."""

    number: int
    width: float
    words: list[Word]
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def lines(words: Iterable[Word]) -> list[Line]:
    """The words in lines, from top to bottom."""
    found: list[Line] = []
    for word in sorted(words, key=attrgetter("middle", "left")):
        if found and found[-1].top <= word.middle < found[-1].bottom:
            found[-1].words.append(word)
            continue
        found.append(Line(word.top, word.bottom, [word]))
    for line in found:
        line.words.sort(key=attrgetter("left"))
    return found


def bodies(sheets: Sequence[Sheet], heads: Heads) -> list[list[Line]]:
    """The lines of each page, without numbers of pages, and without what stands at the edge of most pages."""
    pages = [lines(sheet.words) for sheet in sheets]
    edges = Counter(text for page in pages for text in {_same(line) for line in _at_edges(page)})
    running = {
        text
        for text, count in edges.items()
        if text != "#" and count > 1 and count > len(pages) / 2 and not is_head(text, heads)
    }
    for page in pages:
        for end in (-1, 0):
            while page and (_same(page[end]) in running or _FURNITURE.fullmatch(page[end].text().strip())):
                page.pop(end)
    return pages


def _at_edges(page: list[Line]) -> list[Line]:
    return [*page[:_EDGE], *page[max(_EDGE, len(page) - _EDGE) :]]


def _same(line: Line) -> str:
    """The text whatever its numbers are."""
    return re.sub(r"\d+", "#", line.text().strip())


def _one(words: list[Word]) -> Word:
    text = " ".join(word.text for word in words)
    tops, bottoms = (word.top for word in words), (word.bottom for word in words)
    return Word(text, words[0].left, max(word.right for word in words), min(tops), max(bottoms))
