"""The text of a report, and pieces of it that know their lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

_LINE_END = re.compile(r"(?<=\w)([-\u2010])[ \t\xa0]*\n\s*(?!(?:og|eller|samt)\b)")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, order=True)
class Piece:
    """The characters of a manuscript from ``start`` up to, not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Break:
    """A word that a line end cuts without a hyphen: where its white space is, and the word as one."""

    start: int
    end: int
    word: str


@dataclass
class Manuscript:
    """A text with the words that its layout broke; these are noted as they are found."""

    text: str
    breaks: set[Break] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]

    def piece(self, start: int, end: int) -> Piece:
        """From ``start`` to ``end`` without the white space at either side."""
        text = self.text[start:end]
        return Piece(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))

    def raw(self, piece: Piece) -> str:
        """The characters as they stand."""
        return self.text[piece.start : piece.end]

    def lines(self, piece: Piece) -> tuple[int, int]:
        """The first and the last line, counted from 1."""
        return bisect_right(self._starts, piece.start), bisect_right(
            self._starts, max(piece.start, piece.end - 1)
        )

    def words(self, piece: Piece) -> str:
        """The words in one line: runs of white space are one blank, and what a line end cut is put together.

        A hyphen at a line end stays, without a blank, but before «og», where it stands for a part of a word.
        """
        text, end = "", piece.start
        for found in sorted(self._breaks_in(piece), key=lambda each: each.start):
            text, end = text + self.text[end : found.start], found.end
        text += self.text[end : piece.end]
        return _WHITE.sub(" ", _LINE_END.sub(r"\1", text)).strip()

    def broken(self, piece: Piece) -> list[str]:
        """The words in the piece that a line end cuts without a hyphen."""
        return sorted({found.word for found in self._breaks_in(piece)})

    def note_breaks(self, start: int, end: int, words: str) -> None:
        """Note where line ends cut single words of ``words``, which stand between the two offsets."""
        at = start
        for word in words.split():
            begin = at + len(self.text[at:end]) - len(self.text[at:end].lstrip())
            at = begin
            for letter in word:
                gap = _WHITE.match(self.text, at)
                if gap and self.text[gap.end()] == letter and at > begin:
                    self.breaks.add(Break(gap.start(), gap.end(), word))
                    at = gap.end()
                at += 1

    def _breaks_in(self, piece: Piece) -> list[Break]:
        return [each for each in self.breaks if piece.start <= each.start and each.end <= piece.end]
