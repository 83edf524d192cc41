"""What things and properties are called, and how pages treat properties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.describe.statements import Statement
from bibgraph.messages import LANGUAGES
from bibgraph.namespaces import THINGS, shorten

_NEAREST = {"nb": ("nb", "no", "nn", "en"), "nn": ("nn", "nb", "no", "en"), "en": ("en", "nb", "no", "nn")}
_LAST = 1000
_TIER = 10
_SOURCES_WORDS = 20
_LONGEST = 120


@dataclass(frozen=True)
class Name:
    """What to call a thing: ``text`` in ``language``, by a voice.

    voice: "own" for a name, "source" for a source's words in place of one, "machine" for a shortened IRI.
    """

    text: str
    language: str = ""
    voice: str = "own"


class Names:
    """Names of things by IRI, to be had in a reader's language."""

    def __init__(self) -> None:
        self._labels: dict[str, list[tuple[int, str, ox.Literal]]] = defaultdict(list)

    def add(self, iri: str, rank: int, property_: str, label: ox.Literal) -> None:
        """Note one label.

        rank: as in ``queries/pages/describe-labels.rq``. property_: what states it; empty for a made one.
        """
        self._labels[iri].append((rank, property_, label))

    def of(self, iri: str, language: str) -> Name:
        """The best name in ``language``, else in the nearest language there is, else the IRI shortened."""
        labels = self._labels.get(iri)
        if not labels:
            return Name(_short(iri), voice="machine")
        rank, _, label = min(labels, key=lambda found: _badness(found[0], found[2], language))
        voice = "source" if rank >= _SOURCES_WORDS else "own"
        return Name(_clip(label.value), label.language or "", voice)

    def statements(self, iris: Iterable[str]) -> Iterator[Statement]:
        """The labels of these things, by the best property that states one; not in which graphs."""
        for iri in iris:
            stated = [label for label in self._labels.get(iri, ()) if label[1]]
            best = min((rank for rank, _, _ in stated), default=0)
            for rank, property_, label in stated:
                if rank == best:
                    yield Statement(ox.NamedNode(iri), property_, label)

    def quads(self, iris: Iterable[str]) -> Iterator[ox.Quad]:
        """The same as triples in the default graph."""
        return (statement.quad for statement in self.statements(iris))


def _badness(rank: int, label: ox.Literal, language: str) -> tuple[int, int, int, str]:
    """A name in any language is better than what stands in for one."""
    return rank // _TIER, distance(label.language, language), rank, label.value


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + " …"


def nearness(language: str) -> tuple[str, ...]:
    """Tags of languages as a reader of ``language`` would choose among them, the nearest first."""
    return _NEAREST.get(language, LANGUAGES)


def distance(tag: str | None, language: str) -> int:
    """How far a text with this language tag is from a reader of ``language``: 0 is theirs."""
    order = nearness(language)
    return order.index(tag) if tag in order else len(order)


def _short(iri: str) -> str:
    """A thing of ours by its key, any other by its prefixed name."""
    things = str(THINGS)
    return iri.removeprefix(things) if iri.startswith(things) else shorten(iri)


@dataclass(frozen=True)
class Traits:
    """How pages treat properties: the roles they play, and their order."""

    roles: Mapping[str, frozenset[str]]
    orders: Mapping[str, int]

    def has(self, property_: str, role: str) -> bool:
        """Whether the property is a "name", "kind", "evidence", "verbatim" or "printed" one."""
        return role in self.roles.get(property_, ())

    def order(self, property_: str) -> tuple[int, str]:
        """A key to sort properties by."""
        return self.orders.get(property_, _LAST), property_
