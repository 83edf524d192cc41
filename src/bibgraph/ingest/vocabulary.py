"""What a reader of status reports must know: words of the graph, with what they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from bibgraph.errors import SourceError
from bibgraph.ingest import heads
from bibgraph.messages import message
from bibgraph.repository import Repository
from bibgraph.store.rows import rows
from bibgraph.turtle import to_store

_NEARLY = 85
_SLIP = 5
_GAP = r"(?:-?[ \t]*\n\s*)?"
_COLUMNS = {
    "column of the wording": heads.WORDING,
    "column of the units": heads.UNITS,
    "column of the status": heads.STATUS,
    "column of the comment": heads.COMMENT,
    "column of the number": heads.NUMBER,
}


@dataclass(frozen=True)
class Measure:
    """A measure that is known: number (0 where it has none), key (empty where it has none), wording.

    also: the wordings that later reports gave it.
    """

    iri: str
    strategy: str
    number: int
    key: str
    text: str
    part: str
    line: str
    also: tuple[str, ...] = ()

    @property
    def wordings(self) -> tuple[str, ...]:
        """All wordings it is known by."""
        return (self.text, *self.also)

    @property
    def name(self) -> str:
        """What people call it: its number or its key."""
        return str(self.number) if self.number else self.key


@dataclass(frozen=True)
class Vocabulary:
    """Words by kind (status, part, tense, layout, unit, line, remark, role), and the measures.

    The words of a kind are the printed forms, each with the IRI that it stands for.
    """

    words: dict[str, dict[str, str]]
    measures: tuple[Measure, ...]

    def role(self, name: str) -> str:
        """The IRI of a term that the import gives by itself. Raises KeyError for a name that is none."""
        return self.words["role"][name]

    def of(self, kind: str) -> dict[str, str]:
        """The printed forms of one kind."""
        return self.words.get(kind, {})

    def heading(self, text: str, *, loosely: bool = True) -> tuple[str, str]:
        """Kind and IRI of a line that is a heading (part, line, or layout: a table's head); else empty.

        loosely: heads of tables in another order, and headings of parts that go on otherwise, are such too.
        """
        known = self._headings.get(heads.key(text))
        if known is None and loosely and len(squash(text)) <= self.longest_heading():
            known = self._part(text)
            if known is None and heads.is_head(text, self.heads):
                known = ("layout", self.role("head of a table"))
        return known or ("", "")

    def _part(self, text: str) -> tuple[str, str] | None:
        """A heading that begins as a part's does, and goes on otherwise."""
        for words, iri in self.of("part begins").items():
            if re.match(rf"{pattern(words)}\s*(?:[.:\u2013\u2014-]|\Z)", text.strip()):
                return "part", iri
        return None

    def nearly_heading(self, text: str) -> bool:
        """Whether the words are like a heading of a part or main line, and are none: such as a slip makes."""
        words = squash(text)
        if len(words) > self.longest_heading() + _SLIP or self.heading(text)[0]:
            return False
        headings = [*self.of("part"), *self.of("line")]
        return any(fuzz.ratio(words, squash(known)) >= _NEARLY for known in headings)

    def longest_heading(self) -> int:
        """The length, without white space, of the longest heading."""
        return max(map(len, self._headings), default=0)

    @cached_property
    def heads(self) -> heads.Heads:
        """What readers of documents must know: labels of columns, and headings of parts and main lines."""
        head = self.role("head of a table")
        printed = [words.split() for words, iri in self.of("layout").items() if iri == head]
        known = {heads.key(label): place for labels in printed for place, label in enumerate(labels)}
        known |= {heads.key(label): place for kind, place in _COLUMNS.items() for label in self.of(kind)}
        titles = [*self.of("part"), *self.of("part begins"), *self.of("line")]
        return known | {heads.key(title): heads.HEADING for title in titles}

    @property
    def head(self) -> str:
        """The head of a table as it is usually printed."""
        head = self.role("head of a table")
        return min((words for words, iri in self.of("layout").items() if iri == head), key=len)

    @cached_property
    def _headings(self) -> dict[str, tuple[str, str]]:
        return {
            heads.key(words): (kind, iri)
            for kind in ("part", "line", "layout")
            for words, iri in self.of(kind).items()
        }


def read_vocabulary(repository: Repository) -> Vocabulary:
    """What the repository's ontology and data say. Raises SourceError where they know no status words."""
    store = to_store(repository.quads("ontology", "data"))
    words: dict[str, dict[str, str]] = {}
    for row in rows(store.query(repository.query("ingest/vocabulary"))):
        words.setdefault(row["kind"], {})[row["words"]] = row["thing"]
    missing = [kind for kind in ("status", "unit", "layout") if kind not in words]
    if missing:
        raise SourceError(
            message("The graph knows no words of the kind {kind}.", kind=", ".join(missing)),
            where=str(repository.root),
            hint=message("Status words and heads of tables stand in ontology/codes.ttl, units in data/."),
        )
    also: dict[str, list[str]] = {}
    for row in rows(store.query(repository.query("ingest/wordings"))):
        also.setdefault(row["measure"], []).append(row["wording"])
    measures = (
        Measure(
            row["measure"],
            row["strategy"],
            int(row["number"] or 0),
            row["key"],
            row["text"],
            row["part"],
            row["line"],
            tuple(also.get(row["measure"], ())),
        )
        for row in rows(store.query(repository.query("ingest/measures")))
    )
    return Vocabulary(words, tuple(measures))


def squash(text: str) -> str:
    """Text without white space and in lower case: as it is compared."""
    return re.sub(r"\s+", "", text).casefold()


def pattern(words: str) -> str:
    """A regular expression for words as printed, or broken by line ends anywhere."""
    return r"\s+".join(_GAP.join(re.escape(letter) for letter in word) for word in words.split())


def any_of(words: dict[str, str]) -> str:
    """A regular expression for any of the printed forms, the longest first, each standing whole."""
    forms = sorted(words, key=lambda form: (-len(form), form))
    return "(?:" + "|".join(pattern(form) for form in forms) + r")(?!\w)"
