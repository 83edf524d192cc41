"""ORDER BY over values of several kinds, which the engine finds no one order for.

SPARQL 1.1 (section 15.1) says in which order numbers stand, or times, and leaves open how these stand to
each other. Oxigraph compares whatever it is given, and ends when the comparisons contradict each other: a
date with a time zone is neither before nor after one without, and so is NaN and any number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bibgraph.sparql.spelling import decoded
from bibgraph.sparql.tokens import Kind, Token, tokens

_KIND = (
    "(COALESCE(IF(isNumeric({one}), IF({one} = {one}, ' ', '  '), "
    "CONCAT(STR(DATATYPE({one})), '@', LANG({one}), "
    "IF(REGEX(STR(DATATYPE({one})), '#(?:date|time|g[DMY])') "
    "&& REGEX(STR({one}), '(?:Z|[+-][0-9][0-9]:[0-9][0-9])$'), 'z', '-'))), ''))"
)
"""Nothing for what is no literal; a space for numbers, two for NaN; else data type, language, time zone."""
_BEFORE_BRACKETS = (Kind.WORD, Kind.NAME, Kind.IRI)
"""ASC, DESC and functions."""
_MARK = _KIND.partition("{one}")[0]


def by_kind(text: str) -> str | None:
    """The same query with every ORDER BY by the kind of each value first, then by the value.

    What SPARQL puts in order keeps it. None if there is no ORDER BY, or it is so already, or an
    expression in one asks for a pattern. The text must be one that an engine has taken.
    """
    if _MARK in text:
        return None
    text = decoded(text)
    found = list(tokens(text))
    conditions: list[tuple[int, str]] = []
    for place, (order, by) in enumerate(pairwise(found)):
        if order.is_word("ORDER") and by.is_word("BY"):
            for first, last in _conditions(found, place + 2):
                if any(token.is_word("EXISTS") for token in found[first : last + 1]):
                    return None
                conditions.append((found[first].start, _kind_of(text, found[first : last + 1])))
    pieces, done = [], 0
    for start, kind in conditions:
        pieces += [text[done:start], kind]
        done = start
    return "".join((*pieces, text[done:])) if conditions else None


def _conditions(found: Sequence[Token], place: int) -> Iterator[tuple[int, int]]:
    """The first and the last token of each condition from ``place`` on."""
    while place < len(found):
        token, begins = found[place], place
        if token.kind is not Kind.VARIABLE:
            if token.kind in _BEFORE_BRACKETS and not token.is_word("VALUES"):
                place += 1
            if place >= len(found) or found[place].text != "(":
                return
            place = _closing(found, place)
        yield begins, place
        place += 1


def _closing(found: Sequence[Token], place: int) -> int:
    """Where the bracket is closed that opens at ``place``."""
    depth = 0
    for here in range(place, len(found)):
        depth += (found[here].text == "(") - (found[here].text == ")")
        if not depth:
            return here
    return len(found) - 1


def _kind_of(text: str, condition: Sequence[Token]) -> str:
    """The condition for the kind of what ``condition`` puts in order, in the same direction."""
    first, last = condition[0], condition[-1]
    direction = first.text if first.is_word("ASC", "DESC") else ""
    one = text[condition[1].start if direction else first.start : last.end]
    return f"{direction}{_KIND.format(one=one)} "
