"""Links in a page of our own, found by its tags and replaced where they stand; all else stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape, unescape

ONLY_SERVED = "data-served"
"""The attribute of elements that have a meaning only where a server answers: they are left out."""

_ATTRIBUTE = re.compile(r"""\s(href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_INSIDE = r"""(?:[^>"']|"[^"]*"|'[^']*')*>"""
_OF_INTEREST = re.compile(
    rf"""<!--.*?-->|</(?P<end>head)\s*>|<(?P<start>script|style|form|[a-z][^\s/>]*(?=[^>]*\s(?:href|src|{ONLY_SERVED})\b)){_INSIDE}""",
    re.IGNORECASE | re.DOTALL,
)
"""Tags that have to do with links, what is cut out, or the end of the head; and comments."""
_SERVED = re.compile(rf"\s{ONLY_SERVED}(?=[\s=/>])")
_CUT = ("form",)
_RAW = ("script", "style")
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


class _Finder:
    """Goes through the tags of a page that are of interest; all else in it is passed over."""

    def __init__(self, text: str) -> None:
        self.spots: list[Spot] = []
        self.cuts: list[Cut] = []
        self.head = 0
        at = 0
        while found := _OF_INTEREST.search(text, at):
            at = found.end()
            if found["start"]:
                at = self._begins(text, found)
            elif found["end"]:
                self.head = found.start()

    def _begins(self, text: str, found: re.Match[str]) -> int:
        """Take a start tag; where to go on: behind what is cut out, and behind content that is no markup."""
        tag, raw, start = found["start"].lower(), found[0], found.start()
        if tag not in _VOID and not raw.endswith("/>") and (tag in _CUT or _SERVED.search(raw)):
            end = _end_of(tag, text, found.end())
            self.cuts.append(Cut(start, end, _told("action", raw), _told("aria-label", raw)))
            return end
        rel = _told("rel", raw) if tag == "link" else ""
        self.spots += (
            Spot(start + at.start(), start + at.end(), tag, at[1].lower(), _value(at), found.span(), rel)
            for at in _ATTRIBUTE.finditer(raw)
        )
        if tag not in _RAW:
            return found.end()
        ended = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(text, found.end())
        return ended.start() if ended else len(text)


def _end_of(tag: str, text: str, at: int) -> int:
    """Where an element ends whose start tag ends at a place; those of the same name in it are passed over."""
    depth = 1
    for found in re.compile(rf"<!--.*?-->|<(/?){tag}(?=[\s/>]){_INSIDE}", re.IGNORECASE | re.DOTALL).finditer(
        text, at
    ):
        if found[1] is not None and not found[0].endswith("/>"):
            depth += -1 if found[1] else 1
        if not depth:
            return found.end()
    return len(text)


def _value(attribute: re.Match[str]) -> str:
    return unescape(attribute[2] if attribute[2] is not None else attribute[3])


def _told(name: str, tag: str) -> str:
    """The value of an attribute of a start tag; empty without it."""
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag, re.IGNORECASE)
    return unescape(found[1] if found[1] is not None else found[2]) if found else ""


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
