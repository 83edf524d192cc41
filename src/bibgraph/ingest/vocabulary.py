"""What a reader of status reports must know: words of the graph, with what they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.repository import Repository
from bibgraph.store.rows import rows
from bibgraph.turtle import to_store

_GAP = r"(?:[ \t]*\n\s*)?"


@dataclass(frozen=True)
class Measure:
    """A measure that is known: number (0 where it has none), key (empty where it has none), wording."""

    iri: str
    strategy: str
    number: int
    key: str
    text: str
    part: str
    line: str

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

    def heading(self, text: str) -> tuple[str, str]:
        """Kind and IRI of a line that is a heading (part, line, or layout: a table's head); else empty."""
        return self._headings.get(squash(text), ("", ""))

    def longest_heading(self) -> int:
        """The length, without white space, of the longest heading."""
        return max(map(len, self._headings), default=0)

    @cached_property
    def _headings(self) -> dict[str, tuple[str, str]]:
        return {
            squash(words): (kind, iri)
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
    measures = (
        Measure(
            row["measure"],
            row["strategy"],
            int(row["number"] or 0),
            row["key"],
            row["text"],
            row["part"],
            row["line"],
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
