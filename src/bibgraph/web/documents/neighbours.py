"""What stands next to a thing in the graph: what it points to, and what points to it, by property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.describe import Describer, Description, Names, by_property, natural
from bibgraph.web.parts.kinds import kinds

MOST = 12
"""So many neighbours by one property are shown; the thing's own page has all."""

_APART = ("evidence", "kind", "home")


@dataclass(frozen=True)
class Bond:
    """Neighbours by one property. inward: they point to the thing. more: how many are left out."""

    property: str
    inward: bool
    things: Sequence[str]
    more: int = 0


@dataclass(frozen=True)
class Neighbourhood:
    """A thing, its neighbours, their kinds by IRI (missing where none is stated), and the names of all."""

    thing: str
    bonds: Sequence[Bond]
    kinds: dict[str, str]
    names: Names
    cut: bool = False

    @property
    def things(self) -> set[str]:
        """The thing and all its neighbours that are shown."""
        return {self.thing, *(iri for bond in self.bonds for iri in bond.things)}


def neighbourhood(describer: Describer, thing: str) -> Neighbourhood | None:
    """The neighbourhood of the thing with this IRI; None if it occurs nowhere."""
    found = describer.describe(thing)
    if found is None:
        return None
    bonds = [*_outward(found), *_inward(found)]
    shown = sorted({thing, *(iri for bond in bonds for iri in bond.things)})
    classes = kinds(describer, shown)
    names = describer.names({*shown, *classes.values(), *(bond.property for bond in bonds)})
    return Neighbourhood(thing, bonds, classes, names, found.cut)


def _outward(found: Description) -> Iterator[Bond]:
    """By the properties of the thing, in reading order; what only follows by reasoning is left out."""
    stated = (s for s in found.statements if not s.inferred or found.traits.has(s.predicate, "derived"))
    for property_, said in by_property(stated, found.traits):
        if not any(found.traits.has(property_, role) for role in _APART):
            yield from _bond(property_, _named(s.value for s in said), inward=False)


def _inward(found: Description) -> Iterator[Bond]:
    """By property and kind of what points to the thing."""
    for group in found.groups:
        if not any(found.traits.has(group.predicate, role) for role in _APART):
            yield from _bond(group.predicate, _named(group.subjects), inward=True)


def _named(terms: Iterable[object]) -> list[str]:
    return sorted({term.value for term in terms if isinstance(term, ox.NamedNode)}, key=natural)


def _bond(property_: str, things: list[str], *, inward: bool) -> Iterator[Bond]:
    if things:
        yield Bond(property_, inward, things[:MOST], max(0, len(things) - MOST))
