"""One thing with all that is said of it, and a collection with what is in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from bibgraph.describe.names import Names, Traits, distance
from bibgraph.describe.statements import Statement, natural
from bibgraph.namespaces import INFERRED, RDFS

MOST_DETAILED = 12
"""A group of up to so many things that point to a thing is told in full; a larger one is only listed."""


@dataclass(frozen=True)
class Evidence:
    """A quotation: its words, and where they stand in which source; empty where it is not said."""

    quotation: str
    words: str
    language: str = ""
    source: str = ""
    line_start: str = ""
    line_end: str = ""
    page: str = ""


@dataclass(frozen=True)
class Group:
    """Things of one kind (empty if unknown) that point to a thing by one property."""

    predicate: str
    kind: str
    subjects: Sequence[ox.NamedNode | ox.BlankNode]

    @property
    def detailed(self) -> bool:
        """Whether they are few enough to be told in full."""
        return len(self.subjects) <= MOST_DETAILED


@dataclass(frozen=True)
class Description:
    """Everything said of ``thing``, what points to it, what proves it, and the names of all that.

    parts: what is said of the things that point to it, where they are few, and of the quotations. evidence:
    by thing. page: of what points to it, ``incoming`` holds this page. cut: more pages follow.
    """

    thing: str
    statements: Sequence[Statement]
    incoming: Sequence[Statement]
    groups: Sequence[Group]
    parts: Mapping[str, Sequence[Statement]]
    evidence: Mapping[str, Sequence[Evidence]]
    names: Names
    traits: Traits
    cut: bool = False
    page: int = 1

    @cached_property
    def inferred(self) -> list[Statement]:
        """The statements that follow by reasoning only."""
        return [statement for statement in self.statements if statement.inferred]

    @cached_property
    def kinds(self) -> list[str]:
        """The classes that some source says it is of."""
        of_kind = self.having("kind")
        return [s.value.value for s in of_kind if isinstance(s.value, ox.NamedNode)]

    @cached_property
    def graphs(self) -> list[str]:
        """The named graphs that say something of it, reasoning left out."""
        return sorted({graph for s in self.statements for graph in s.graphs if graph != str(INFERRED)})

    def having(self, role: str) -> list[Statement]:
        """What some source says of it with properties that play ``role``."""
        return [s for s in self.statements if not s.inferred and self.traits.has(s.predicate, role)]

    def told(self) -> list[Statement]:
        """All of it, for a document. Of what points here, what is inferred is left out."""
        details = (statement for said in self.parts.values() for statement in said if not statement.inferred)
        said = [*self.statements, *self.incoming, *details]
        neighbours = {
            term.value for s in said for term in (s.subject, s.value) if isinstance(term, ox.NamedNode)
        }
        return [*said, *self.names.statements(sorted(neighbours - {self.thing}))]

    def quads(self) -> Iterator[ox.Quad]:
        """The same as triples."""
        return (statement.quad for statement in self.told())


@dataclass(frozen=True)
class Section:
    """A part of a collection: the things whose IRIs begin as its own, and their commonest kind."""

    iri: str
    kind: str
    things: Sequence[str]


@dataclass(frozen=True)
class Collection:
    """The things whose IRIs begin with that of the collection, with their kinds (by thing) and names.

    page: of very many, these are on this page. cut: more pages follow.
    """

    iri: str
    kinds: Mapping[str, Sequence[str]]
    names: Names
    cut: bool = False
    page: int = 1

    @cached_property
    def things(self) -> list[str]:
        """All its members, 2 before 10."""
        return sorted(self.kinds, key=natural)

    @cached_property
    def kind(self) -> str:
        """The commonest kind of its members."""
        return _commonest(kind for thing in self.things for kind in self.kinds[thing])

    def sections(self) -> list[Section]:
        """Its direct members first, then each inner collection with its own."""
        found: dict[str, list[str]] = defaultdict(list)
        for thing in self.things:
            inner = thing.removeprefix(self.iri + "/").split("/")
            found[self.iri if len(inner) == 1 else f"{self.iri}/{inner[0]}"].append(thing)
        ordered = sorted(found.items(), key=lambda item: (item[0] != self.iri, natural(item[0])))
        return [
            Section(iri, _commonest(kind for thing in things for kind in self.kinds[thing]), things)
            for iri, things in ordered
        ]

    def told(self) -> list[Statement]:
        """Membership and names: ``rdfs:member`` is the most general such property."""
        whole = ox.NamedNode(self.iri)
        members = [Statement(whole, RDFS.member, ox.NamedNode(thing)) for thing in self.things]
        return [*members, *self.names.statements(self.things)]

    def quads(self) -> Iterator[ox.Quad]:
        """The same as triples."""
        return (statement.quad for statement in self.told())


def by_property(statements: Iterable[Statement], traits: Traits) -> list[tuple[str, list[Statement]]]:
    """``statements`` by property, in reading order."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[statement.predicate].append(statement)
    return sorted(found.items(), key=lambda group: traits.order(group[0]))


def reading(
    statements: Iterable[Statement], traits: Traits, language: str
) -> list[tuple[str, list[Statement]]]:
    """``statements`` as they are read: by property in order.

    What is only inferred is left out, except by properties that are made to be inferred.
    Of texts of ours in several languages, the one nearest to ``language``; a source's own words all.
    """
    stated = by_property(
        (s for s in statements if not s.inferred or traits.has(s.predicate, "derived")), traits
    )
    return [
        (property_, said if traits.has(property_, "verbatim") else nearest(said, language))
        for property_, said in stated
    ]


def nearest(statements: Sequence[Statement], language: str) -> list[Statement]:
    """``statements`` without the texts in other languages than the nearest to ``language`` that there is."""
    tags = {s.value.language for s in statements if isinstance(s.value, ox.Literal) and s.value.language}
    best = min(tags, key=lambda tag: (distance(tag, language), tag), default=None)
    return [s for s in statements if not isinstance(s.value, ox.Literal) or s.value.language in (None, best)]


def _commonest(kinds: Iterable[str]) -> str:
    counted = Counter(kinds)
    return min(counted, key=lambda kind: (-counted[kind], kind), default="")
