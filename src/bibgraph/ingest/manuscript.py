"""The text of a report, and pieces of it that know their lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

_JOINTS = ("og", "eller", "samt")
_LINE_END = re.compile(rf"(?<=\w)([-\u2010])[ \t\xa0]*\n\s*(?!(?:{'|'.join(_JOINTS)})\b)")
_CUT = re.compile(
    r"(?<![\w-])(?P<first>\w*[^\W\d_A-Z])(?P<hyphen>[-\u2010]?)[ \t\xa0]*\n\s*"
    r"(?P<second>[^\W\d_A-Z\u00c6\u00d8\u00c5]\w*)"
)
_WORD = re.compile(r"\w+(?:-\w+)*")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, order=True)
class Piece:
    """The characters of a manuscript from ``start`` up to, not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Break:
    """A word that a line end cuts: where the white space, with the hyphen if any, is; the word whole."""

    start: int
    end: int
    word: str
    hyphen: bool = False


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

    def paragraphs(self) -> Iterator[list[Piece]]:
        """The lines that are not blank, without white space at their ends, between blank ones."""
        lines: list[Piece] = []
        at = 0
        for line in self.text.split("\n"):
            piece = self.piece(at, at + len(line))
            at += len(line) + 1
            if piece.start < piece.end:
                lines.append(piece)
            elif lines:
                yield lines
                lines = []
        if lines:
            yield lines

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
        return sorted({found.word for found in self._breaks_in(piece) if not found.hyphen})

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

    def find_breaks(self, known: Iterable[str]) -> None:
        """Note the words that line ends cut, by those that stand whole elsewhere in the text or in ``known``.

        A hyphen between small letters goes with the line end, unless the text has it within a line too. A
        word cut without a hyphen is one if it stands whole elsewhere, and not both its halves do.
        """
        texts = (self.text, *known)
        whole = {word.casefold() for text in texts for word in _WORD.findall(_CUT.sub(" ", text))}
        for found in _CUT.finditer(self.text):
            first, hyphen, second = found["first"], found["hyphen"], found["second"]
            word = first + second
            if hyphen:
                cut = len(first) > 1 and f"{first}-{second}".casefold() not in whole and second not in _JOINTS
            else:
                halves = {first.casefold(), second.casefold()}
                cut = word.casefold() in whole and not halves <= whole
            if cut:
                self.breaks.add(
                    Break(found.start("hyphen"), found.start("second"), word, hyphen=bool(hyphen))
                )

    def _breaks_in(self, piece: Piece) -> list[Break]:
        return [each for each in self.breaks if piece.start <= each.start and each.end <= piece.end]
