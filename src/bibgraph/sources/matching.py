"""Whether words stand in a text: character by character, but for what the typesetter did to the spaces.

A run of white space in the text equals one blank in the words. A line end may close up where the line ends in
a hyphen, kept («MARC-» / «format») or dropped («Videre-» / «utvikle»), and inside a word that the caller
names as broken («leselyststrate» / «giperioden»). Nothing else is forgiven.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WHITE = re.compile(r"\s*")
_HYPHENS = "-\u2010"


@dataclass(frozen=True)
class Words:
    """Words to look for: white space normalised; ``joints`` are the places inside words named as broken."""

    text: str
    joints: frozenset[int] = frozenset()

    @classmethod
    def of(cls, text: str, broken: Iterable[str] = ()) -> Words:
        """``text`` prepared; ``broken`` are the words in it that a line end may cut without a hyphen."""
        normal = " ".join(text.split())
        joints = {
            place
            for word in broken
            if word
            for found in re.finditer(re.escape(word), normal)
            for place in range(found.start() + 1, found.end())
        }
        return cls(normal, frozenset(joints))


@dataclass(frozen=True)
class Span:
    """Where words stand: from ``start`` up to, not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Difference:
    """The first place where the words and the nearest passage part: what each has there."""

    offset: int
    wanted: str
    found: str


def spans(text: str, words: Words, starts: Iterable[int]) -> Iterator[Span]:
    """Every place, out of ``starts``, at which the words begin and stand whole in ``text``."""
    for start in starts:
        if not _begins(text, start, words):
            continue
        end, matched = _follow(text, start, words)
        if matched == len(words.text) and not _inside_word(text, end):
            yield Span(start, end)


def difference(text: str, words: Words, starts: Iterable[int]) -> Difference:
    """Where the words part from the passage that goes along with them longest; only if there is no span."""
    matched, _, end = max(
        (
            (matched, -start, end)
            for start in starts
            if _begins(text, start, words)
            for end, matched in [_follow(text, start, words)]
        ),
        default=(0, 0, 0),
    )
    offset = _word_start(text, end)
    wanted = words.text[_word_start(words.text, matched) :]
    return Difference(offset, _first_word(wanted), _first_word(text[offset:]))


def _begins(text: str, start: int, words: Words) -> bool:
    """Words begin where a word does, so that «30» is not found in «2030»."""
    return bool(words.text) and not (words.text[0].isalnum() and _inside_word(text, start))


def _inside_word(text: str, offset: int) -> bool:
    return 0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum()


def _follow(text: str, start: int, words: Words) -> tuple[int, int]:
    """How far text and words agree from ``start``: the offset reached, the count of signs in the words."""
    at, matched = start, 0
    while matched < len(words.text):
        if words.text[matched] == " ":
            after = _after_white(text, at)
        elif at < len(text) and text[at] == words.text[matched]:
            after = at + 1
        elif after := _closed_up(text, at, words, matched):
            at = after
            continue
        else:
            break
        if after == at:
            break
        at, matched = after, matched + 1
    return at, matched


def _closed_up(text: str, at: int, words: Words, matched: int) -> int:
    """The offset after a line end at ``at`` that may close up here; 0 if there is none."""
    if not 0 < matched < len(words.text):
        return 0
    before, after = words.text[matched - 1], words.text[matched]
    kept = before in _HYPHENS and words.text[matched - 2 : matched - 1].isalnum()
    dropped = text[at : at + 1] in tuple(_HYPHENS) and before.islower() and after.islower()
    if not (kept or dropped or matched in words.joints):
        return 0
    begin = at + 1 if dropped else at
    end = _after_white(text, begin)
    return end if "\n" in text[begin:end] else 0


def _after_white(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found else at


def _word_start(text: str, at: int) -> int:
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return at


def _first_word(text: str) -> str:
    return next(iter(text.split()), "")
