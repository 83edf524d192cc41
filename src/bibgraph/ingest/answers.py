"""What stands beside a measure's wording: who answers, the status, and where the comment begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.table import Mention
from bibgraph.ingest.vocabulary import Vocabulary, any_of, squash

_UNKNOWN = r"[A-ZÆØÅ]{2,4}(?!\w)"
_WORDS = r"[^\W\d_][^\s,/;()&+.]*"
_NOTE = re.compile(r"\s*[(,;:.\u2013\u2014-]|\s+\d|[ \t]*\n\s*(?=[A-Z\u00c6\u00d8\u00c5])")
"""What sets a note off from the status words before it."""
_BETWEEN = r"[\s,./;&()+]"


@dataclass(frozen=True)
class Answer:
    """The beginning of an answer: units and status, and the offset at which the comment may begin."""

    start: int
    end: int
    responsible: Piece | None
    mentions: tuple[Mention, ...]
    status_stated: str
    status: str
    beside: bool
    """Whether more text stands in the line in which the units end."""


class AnswerReader:
    """Finds answers by the units and status words of the vocabulary."""

    def __init__(self, manuscript: Manuscript, vocabulary: Vocabulary) -> None:
        self._manuscript = manuscript
        self._units = vocabulary.of("unit") | vocabulary.of("post")
        self._names = vocabulary.of("unit name")
        self._joints = {words.casefold() for words in vocabulary.of("joint")}
        joints = "|".join(map(re.escape, self._joints)) or r"(?!)"
        self._between = rf"(?:{_BETWEEN}|(?<=[\s)])(?:{joints})(?=[\s(]))*"
        self._statuses = vocabulary.of("status")

    def read(self, start: int, end: int) -> Answer | None:
        """The answer that begins at ``start``; None if none does."""
        text = self._manuscript.text
        for units in (self._known_units, self._any_units):
            found = units.match(text, start, end)
            status = self._status.match(text, found.end() if found else start, end)
            if status:
                return self._made(start, found, status, end)
        found = self._known_units.match(text, start, end)
        return self._made(start, found, None, end) if found and self._stands_alone(found.end(), end) else None

    def _made(
        self, start: int, units: re.Match[str] | None, status: re.Match[str] | None, end: int
    ) -> Answer:
        manuscript = self._manuscript
        responsible = manuscript.piece(units.start(), units.end()) if units else None
        mentions = self.mentions(responsible) if responsible else ()
        stated, code = "", ""
        if status:
            stated, code = self._known_status(status.group("status"))
            manuscript.note_breaks(status.start("status"), status.end("status"), stated)
        stop = status.end() if status else units.end() if units else start
        beside = responsible is not None and bool(self._line_after(responsible.end, end))
        return Answer(start, stop, responsible, mentions, stated, code, beside)

    def _line_after(self, at: int, end: int) -> str:
        line_end = self._manuscript.text.find("\n", at, end)
        return self._manuscript.text[at : line_end if line_end >= 0 else end].strip()

    def _stands_alone(self, at: int, end: int) -> bool:
        """Whether the line ends here, or goes on with a capital letter, as a cell beside the units does."""
        rest = self._line_after(at, end)
        return not rest or rest[0].isupper()

    def _known_status(self, raw: str) -> tuple[str, str]:
        whole = squash(re.sub(r"-?\s*\n\s*", "", raw))
        form = next(form for form in self._statuses if squash(form) == whole)
        printed = " ".join(raw.split())
        return (form if "\n" in raw or printed.casefold() != form.casefold() else printed), self._statuses[
            form
        ]

    def status_in(self, piece: Piece) -> tuple[str, str, Piece | None]:
        """The status words of a cell as printed, their code, and a note after them that is set off by a sign.

        All are empty for words that are not known.
        """
        text = self._manuscript.text
        found = self._status.match(text, piece.start, piece.end)
        rest = self._manuscript.piece(found.end(), piece.end) if found else piece
        if found is None or (rest.start < rest.end and not _NOTE.match(text, found.end("status"), piece.end)):
            return "", "", None
        stated, code = self._known_status(found.group("status"))
        self._manuscript.note_breaks(found.start("status"), found.end("status"), stated)
        return stated, code, rest if rest.start < rest.end else None

    def mentions(self, responsible: Piece, *, whole: bool = False) -> tuple[Mention, ...]:
        """The units in the order printed. whole: the piece is a cell, in which other words are units too."""
        mentions, depth, reached = list[Mention](), 0, responsible.start
        forms = {**self._names, **self._units} if whole else self._units
        by_squashed = {squash(form): (form, iri) for form, iri in forms.items()}
        other = _WORDS if whole else _UNKNOWN
        token = re.compile(rf"[()]|(?<!\w){any_of(forms)}|{other}", re.IGNORECASE)
        for found in token.finditer(self._manuscript.text, responsible.start, responsible.end):
            if found.group() in "()":
                depth += 1 if found.group() == "(" else -1
                continue
            if found.group().casefold() in self._joints:
                continue
            form, iri = by_squashed.get(squash(found.group()), (found.group(), ""))
            stated = form if "\n" in found.group() else found.group()
            self._manuscript.note_breaks(found.start(), found.end(), stated)
            between = self._manuscript.text[reached : found.start()]
            reached = found.end()
            if mentions and not iri and not mentions[-1].unit and between.isspace():
                stated = f"{mentions.pop().stated} {stated}"
            mentions.append(Mention(stated, iri, depth > 0))
        return tuple(mentions)

    @cached_property
    def _known_units(self) -> re.Pattern[str]:
        one = any_of(self._units)
        return re.compile(rf"\(?{one}(?:{self._between}{one})*[.,;)]*")

    @cached_property
    def _any_units(self) -> re.Pattern[str]:
        one = rf"(?:{any_of(self._units)}|{_UNKNOWN})"
        return re.compile(rf"\(?{one}(?:{self._between}{one})*[.,;)]*")

    @cached_property
    def _status(self) -> re.Pattern[str]:
        return re.compile(rf"\s*(?P<status>{any_of(self._statuses)})[.,:;]?", re.IGNORECASE)
