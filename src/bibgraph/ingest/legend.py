"""The legend of a report: codes of units, each with the name that it stands for."""

from __future__ import annotations

import re

from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.vocabulary import Vocabulary, pattern, squash

_DASH = r"\s*[-\u2013\u2014:=]\s*(?=\w)"
_ANY = r"(?-i:[A-ZÆØÅ]{2,4})"


class LegendReader:
    """Finds the entries of a legend by the codes that the vocabulary knows."""

    def __init__(self, manuscript: Manuscript, vocabulary: Vocabulary) -> None:
        self._manuscript = manuscript
        self._units = {squash(form): iri for form, iri in vocabulary.of("unit").items()}
        codes = "|".join(pattern(form) for form in vocabulary.of("unit")) or r"(?!)"
        self._known = re.compile(rf"(?<!\w)({codes}){_DASH}")
        self._entry = re.compile(rf"(?<!\w)({codes}|{_ANY}){_DASH}")

    def begins(self, piece: Piece) -> bool:
        """Whether the piece is a legend: a known code with its name, or another with a known one after."""
        text = self._manuscript.text
        return self._known.match(text, piece.start, piece.end) is not None or (
            self._entry.match(text, piece.start, piece.end) is not None
            and self._known.search(text, piece.start, piece.end) is not None
        )

    def read(self, piece: Piece) -> list[tuple[str, Piece]]:
        """The entries with the IRIs of their units; empty for a code that is not known."""
        found = list(self._entry.finditer(self._manuscript.text, piece.start, piece.end))
        ends = [*(each.start() for each in found[1:]), piece.end]
        return [
            (self._units.get(squash(each[1]), ""), self._manuscript.piece(each.start(), end))
            for each, end in zip(found, ends, strict=True)
        ]
