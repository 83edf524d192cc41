"""Quotations made as they are needed, one for the same words in the same lines."""

from __future__ import annotations

import re
from string import ascii_lowercase

from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.records import Record, text, thing, typed

_PAGE = re.compile(r"\((?:ny\s+)?s\.\s*(\d+(?:[-\u2013]\d+)?)\)\s*$", re.IGNORECASE)
"""The page of the strategy that a passage from it ends with."""


class Quoter:
    """Gives pieces of one document their quotations.

    Keys are lines, ``145-150``; further words in the same lines have ``-b``, ``-c`` … after them.
    """

    def __init__(self, manuscript: Manuscript, source: str, home: str, language: str) -> None:
        self._manuscript = manuscript
        self._source = source
        self._home = home
        self._language = language
        self._made: dict[tuple[int, int], dict[str, str]] = {}
        self.records: list[Record] = []

    def quote(self, piece: Piece) -> str:
        """The IRI of the quotation of these words."""
        first, last = self._manuscript.lines(piece)
        words = self._manuscript.words(piece)
        there = self._made.setdefault((first, last), {})
        if words not in there:
            key = str(first) if first == last else f"{first}-{last}"
            there[words] = self._home + key + _suffix(len(there))
            self._record(there[words], piece, words)
        return there[words]

    def _record(self, iri: str, piece: Piece, words: str) -> None:
        first, last = self._manuscript.lines(piece)
        self.records.append(
            {
                "quotation": thing(iri),
                "source": thing(self._source),
                "value": text(words, self._language),
                "first": typed(first, "integer"),
                "last": typed(last, "integer"),
            }
        )
        page = _PAGE.search(words)
        if page:
            self.records.append(
                {"quotation": thing(iri), "page": typed(page[1].replace("\u2013", "-"), "string")}
            )
        for word in self._manuscript.broken(piece):
            bare = word.strip(".,;:()«»")
            self.records.append({"quotation": thing(iri), "broken": typed(bare, "string")})


def _suffix(number: int) -> str:
    if number == 0:
        return ""
    letters = ascii_lowercase
    return "-" + (letters[number] if number < len(letters) else f"z{number}")
