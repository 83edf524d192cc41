"""The labels above the columns of a report's tables, and the headings between them, as readers need them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

WORDING, UNITS, STATUS, COMMENT, NUMBER, HEADING = range(6)
"""What a label stands above; ``HEADING``: it is none, but the heading of a part or a main line."""

PLACES = (WORDING, UNITS, STATUS, COMMENT)
"""The columns that every table of a report has."""

Heads = Mapping[str, int]
"""What the labels that are known stand above, by their ``key``."""

NO_HEADS: Heads = {}
_SIGNS = re.compile(r"[\s.:;,\u00ad\u2010-\u2015-]+")
_LEGEND = re.compile(r"\s*[A-Z\u00c6\u00d8\u00c5]{2,4}\s[\u2013-]\s\w")
_MOST = 40


def key(label: str) -> str:
    """A label as it is compared: without white space, hyphens, stops, and in lower case."""
    return _SIGNS.sub("", label).casefold()


def place_of(label: str, heads: Heads) -> int | None:
    """What a label stands above; a date may follow it, as in «Status per 20.04.2026». None if unknown."""
    known = heads.get(key(label))
    if known is not None or len(label) > _MOST or not any(sign.isdigit() for sign in label):
        return known
    first = label.split(maxsplit=1)[0] if label.split() else ""
    return heads.get(key(first))


def columns(labels: Sequence[str], heads: Heads) -> list[int]:
    """At which of the labels each of ``PLACES`` is, and then the number if there is one.

    Empty for labels that are no head of a table: one of its places is missing, or stands there twice.
    """
    if sum(map(bool, labels)) < len(PLACES):
        return []
    found: dict[int, list[int]] = {}
    for at, label in enumerate(labels):
        place = place_of(label, heads) if label else None
        if place is not None:
            found.setdefault(place, []).append(at)
    if any(len(found.get(place, ())) != 1 for place in PLACES):
        return []
    return [found[place][0] for place in (*PLACES, NUMBER) if place in found]


def is_heading(text: str, heads: Heads) -> bool:
    """Whether a text is the heading of a part or a main line."""
    return heads.get(key(text)) == HEADING


def is_legend(text: str) -> bool:
    """Whether a line begins as a legend does: a code of a unit, a dash, its name."""
    return _LEGEND.match(text) is not None


def is_head(text: str, heads: Heads) -> bool:
    """Whether a text is the labels of a table's columns one after another, in whatever order."""
    labels = {label: place for label, place in heads.items() if place != HEADING}
    return any(set(PLACES) <= set(each) for each in _spelled(key(text), labels, ()))


def _spelled(text: str, labels: Heads, before: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The ways to read a text as labels, none of which stands above what another does."""
    if not text:
        yield before
        return
    for label, place in labels.items():
        if place not in before and text.startswith(label):
            yield from _spelled(text[len(label) :], labels, (*before, place))
