"""The dated happenings that a comment tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bibgraph.ingest.dates import Found, find_dates, unread_dates
from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.vocabulary import Vocabulary

_SENTENCE_END = re.compile(
    r"(?<=[.!?»])\s+(?=[A-ZÆØÅ«]|(?:19|20)\d\d\s+[A-ZÆØÅ])|\s*https?://\S+\s*|\s*\u2022\s*|\n\s*[\u2013\u2014-]\s+|\n\s*(?=(?:19|20)\d\d\s+[A-ZÆØÅ])"
)
_ITEM = re.compile(r"(?:\A|\s+)(?=(?:19|20)\d\d\s+[A-ZÆØÅ])")
_CLAUSE_END = re.compile(r",\s+(?:og|men|samt)\s+")


@dataclass(frozen=True)
class Happening:
    """A milestone: what is said of it, the date as printed and as read, and what was inferred.

    tense and inferences are IRIs of codes. unsure: whether neither a verb nor the date tells the tense.
    other_year: whether the year is one beside the report's, since in its own the tense was wrong.
    """

    piece: Piece
    date_stated: str
    date: Found
    tense: str
    inferences: tuple[str, ...]
    unsure: bool
    other_year: bool


class Teller:
    """Finds the milestones in comments of a report of one date."""

    def __init__(self, manuscript: Manuscript, vocabulary: Vocabulary, issued: date) -> None:
        self._manuscript = manuscript
        self._vocabulary = vocabulary
        self._issued = issued

    def happenings(self, comment: list[Piece]) -> tuple[list[Happening], list[str]]:
        """The milestones in order, and the words that look like dates but cannot be read."""
        told, unread = list[Happening](), list[str]()
        known: int | None = None
        for clause in (clause for piece in comment for clause in self._clauses(piece)):
            raw = self._manuscript.raw(clause)
            found = find_dates(raw, known or self._issued.year)
            unread.extend(unread_dates(raw, found))
            for at, each in enumerate(found):
                last = at + 1 == len(found)
                spoken = Piece(
                    clause.start + (found[at - 1].end if at else 0),
                    clause.end if last else clause.start + each.end,
                )
                told.append(self._told(clause, each, spoken, from_before=known is not None))
                known = each.year if each.has_year else known
        return told, unread

    def _clauses(self, piece: Piece) -> Iterator[Piece]:
        for sentence in self._sentences(piece):
            parts = list(self._split(sentence, _CLAUSE_END))
            dated = [part for part in parts if find_dates(self._manuscript.raw(part), self._issued.year)]
            yield from parts if len(parts) == len(dated) else [sentence]

    def _sentences(self, piece: Piece) -> Iterator[Piece]:
        """The sentences; items that begin with a year, as the first of them does, are such too."""
        for sentence in self._split(piece, _SENTENCE_END):
            listed = _ITEM.match(self._manuscript.raw(sentence))
            yield from self._split(sentence, _ITEM) if listed else [sentence]

    def _split(self, piece: Piece, ends: re.Pattern[str]) -> Iterator[Piece]:
        start = piece.start
        for end in ends.finditer(self._manuscript.text, piece.start, piece.end):
            if end.start() > start:
                yield self._manuscript.piece(start, end.start())
            start = end.end()
        if start < piece.end:
            yield self._manuscript.piece(start, piece.end)

    def _told(self, clause: Piece, found: Found, spoken: Piece, *, from_before: bool) -> Happening:
        """The happening of one date; of a clause with several, ``spoken`` is the part that leads to it.

        Its verbs tell the tense; if it has none, those of the whole clause.
        """
        role = self._vocabulary.role
        inferences = []
        if not found.has_year:
            inferences.append(role("year from before" if from_before else "year of the report"))
        words = self._manuscript.words
        tense = self._tense(words(spoken)) or self._tense(words(clause))
        stated = " ".join(self._manuscript.raw(clause)[found.start : found.end].split())
        printed, unsure = found, False
        if tense and not found.has_year:
            found = self._in_fitting_year(found, tense)
            if from_before and found is not printed:
                found = self._in_fitting_year(printed.in_year(self._issued.year), tense)
                inferences = [role("year of the report")]
        if not tense:
            past = found.latest <= self._issued
            tense = role("happened" if past else "promised")
            unsure = found.earliest <= self._issued < found.latest
            inferences.append(role("tense from the date"))
        return Happening(clause, stated, found, tense, tuple(inferences), unsure, found is not printed)

    def _in_fitting_year(self, found: Found, tense: str) -> Found:
        """What has happened lies before the report, in the year before if need be; a promise after."""
        if tense == self._vocabulary.role("happened") and found.earliest > self._issued:
            return found.in_year(found.year - 1)
        if tense == self._vocabulary.role("promised") and found.latest < self._issued:
            return found.in_year(found.year + 1)
        return found

    def _tense(self, words: str) -> str:
        """What the verbs say; a promise wins, since «er planlagt» has the verbs of both. Empty if none."""
        spoken = self._vocabulary.of("tense")
        for role in ("promised", "happened"):
            code = self._vocabulary.role(role)
            forms = "|".join(re.escape(form) for form, iri in spoken.items() if iri == code)
            if forms and re.search(rf"(?<!\w)(?:{forms})(?!\w)", words, re.IGNORECASE):
                return code
        return ""
