"""Links in a page, found by an HTML parser and replaced where they stand; all else stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

ONLY_SERVED = "data-served"
"""The attribute of elements that have a meaning only where a server answers: they are left out."""

_ATTRIBUTE = re.compile(r"""\s(href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_CUT = ("form",)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A link: where its attribute stands in the page, where it leads, and of what element it is.

    whole: where the start tag stands. rel: of a ``link``, its relation.
    """

    start: int
    end: int
    tag: str
    name: str
    url: str
    whole: tuple[int, int]
    rel: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A part to be cut out. action, label: of a form, where it leads and what it is called."""

    start: int
    end: int
    action: str = ""
    label: str = ""


@dataclass(frozen=True)
class Anatomy:
    """The links of a page, the parts to be cut out of it, and where its head ends."""

    spots: Sequence[Spot]
    cuts: Sequence[Cut]
    head: int


class _Finder(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.spots: list[Spot] = []
        self.cuts: list[Cut] = []
        self.head = 0
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._cutting: tuple[str, int, int] | None = None
        self._form = ("", "")
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start, raw = self._here(), self.get_starttag_text() or ""
        if self._cutting is not None:
            cut, begin, depth = self._cutting
            self._cutting = (cut, begin, depth + (tag == cut))
        elif tag not in _VOID and (tag in _CUT or any(name == ONLY_SERVED for name, _ in attrs)):
            self._cutting = (tag, start, 1)
            told = dict(attrs)
            self._form = (told.get("action") or "", told.get("aria-label") or "")
        else:
            rel = next((value or "" for name, value in attrs if name == "rel"), "") if tag == "link" else ""
            for found in _ATTRIBUTE.finditer(raw):
                url = unescape(found[2] if found[2] is not None else found[3])
                whole = (start, start + len(raw))
                self.spots.append(
                    Spot(start + found.start(), start + found.end(), tag, found[1].lower(), url, whole, rel)
                )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        before = self._cutting
        self.handle_starttag(tag, attrs)
        self._cutting = before  # it has no end of its own

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self.head = self._here()
        if self._cutting is None or tag != self._cutting[0]:
            return
        cut, begin, depth = self._cutting
        self._cutting = (cut, begin, depth - 1)
        if depth == 1:
            self.cuts.append(Cut(begin, self._here() + len(f"</{tag}>"), *self._form))
            self._cutting = None

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column


def anatomy(text: str) -> Anatomy:
    """Where the links of a page stand."""
    found = _Finder(text)
    return Anatomy(found.spots, found.cuts, found.head)


def rewritten(
    text: str,
    found: Anatomy,
    target: Callable[[Spot], str | None],
    head: str,
    instead: Callable[[Cut], str] = lambda _: "",
) -> str:
    """The page with each link leading where ``target`` says, without those that lead nowhere (None).

    head: further elements for its head. instead: what stands for a part that is cut out.
    """
    changes = [(cut.start, cut.end, instead(cut)) for cut in found.cuts]
    changes.append((found.head, found.head, head))
    for spot in found.spots:
        leads = target(spot)
        if leads is None and spot.tag == "link":
            changes.append((*spot.whole, ""))
        elif leads is None:
            changes.append((spot.start, spot.end, ""))
        elif leads != spot.url:
            changes.append((spot.start, spot.end, f' {spot.name}="{escape(leads)}"'))
    pieces, place = [], 0
    for start, end, new in sorted(set(changes)):
        pieces += [text[place:start], new]
        place = end
    return "".join((*pieces, text[place:]))
