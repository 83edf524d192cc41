"""The graph's things as records: identifier, date, sets, and simple Dublin Core.

Records have the IRIs of the things as identifiers, and stay as deleted ones when the things go. A record's
date is that of the last release in which the thing, or one whose name may be in the record, changed. Sets are
the collections that IRIs lie in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from bibgraph.describe import select, value_of
from bibgraph.namespaces import THINGS
from bibgraph.publish.patches import Kind
from bibgraph.publish.releases import Release
from bibgraph.publish.versions import Versions

_NOT_IN_SPEC = re.compile(r"[^A-Za-z0-9\-_.!~*'()]")


@dataclass(frozen=True)
class Header:
    """A record's identifier, the release that its date is of, its sets, and whether it is gone."""

    identifier: str
    release: Release
    sets: tuple[str, ...]
    deleted: bool


class Records:
    """The things of which ``versions`` tells, as records."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self.log = versions.log

    @cached_property
    def headers(self) -> Mapping[str, Header]:
        """All records by identifier, in the order of their dates."""
        found = []
        for thing, activities in self.log.by_thing.items():
            if not thing.startswith(str(THINGS)):
                continue
            near = {thing, *self._named_in(thing)}
            near |= {other for one in near for other in self._named_in(one)}
            last = max(
                (release for one in near if (release := self.log.changed(one))), key=lambda r: r.number
            )
            deleted = activities[-1].kind is Kind.DELETE
            release = activities[-1].release if deleted else last
            found.append(Header(thing, release, _sets(thing), deleted))
        found.sort(key=lambda header: (header.release.number, header.identifier))
        return {header.identifier: header for header in found}

    def _named_in(self, thing: str) -> set[str]:
        """The things of ours that a thing's statements name."""
        number = self.log.releases[-1].number
        said = (quad.object for quad in self.log.statements(thing, number))
        return {o.value for o in said if isinstance(o, ox.NamedNode) and o.value.startswith(str(THINGS))}

    def contacts(self) -> list[str]:
        """The mail addresses that the data gives for questions about it."""
        describer = self._versions.memory
        rows = select(describer.store, describer.repository.query("pages/page-contact"))
        stated = [value_of(row["address"]) for row in rows]
        return [address.removeprefix("mailto:") for address in stated if address.startswith("mailto:")]

    def dublin_core(self, things: Sequence[str]) -> dict[str, list[tuple[str, str, str]]]:
        """Elements of Dublin Core with values and their languages, by thing."""
        describer = self._versions.memory
        found: dict[str, list[tuple[str, str, str]]] = {}
        for row in describer.about("pages/dublin-core", "thing", things):
            value = row["value"]
            language = (value.language or "") if isinstance(value, ox.Literal) else ""
            told = (value_of(row["element"]), value_of(value), language)
            mine = found.setdefault(value_of(row["thing"]), [])
            if told not in mine:
                mine.append(told)
        return found


def _sets(thing: str) -> tuple[str, ...]:
    """The collections that an IRI lies in: ``measure`` and ``measure:2023-2025``."""
    pieces = [_NOT_IN_SPEC.sub("_", piece) for piece in thing.removeprefix(str(THINGS)).split("/")[:-1]]
    return tuple(":".join(pieces[:number]) for number in range(1, len(pieces) + 1))
