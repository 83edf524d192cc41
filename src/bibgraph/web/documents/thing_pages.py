"""The page about a thing: its sections by kind, what else is said of it, and lists of things."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyoxigraph as ox
from flask import render_template

from bibgraph.api import Citation, Dataset
from bibgraph.describe import (
    Collection,
    Describer,
    Description,
    Name,
    Names,
    Statement,
    by_property,
    natural,
    reading,
    select,
)
from bibgraph.graph import Graph
from bibgraph.namespaces import BASE, THINGS
from bibgraph.web.documents.sections import Filled, Section, filled, read_sections
from bibgraph.web.http.answers import Alternate
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.display import canonical, path_of
from bibgraph.web.parts.evidence import Proof, mentioned, proofs
from bibgraph.web.pictures.bands import time_line
from bibgraph.web.pictures.board import Marks, board, marks

_APART = ("name", "kind", "evidence", "number")


@dataclass(frozen=True)
class AllNames:
    """Names that were asked for at different times, as one."""

    asked: Sequence[Names]

    def of(self, iri: str, language: str) -> Name:
        """See ``Names.of``."""
        found = [names.of(iri, language) for names in self.asked]
        return next((name for name in found if name.voice != "machine"), found[0])


class ThingPages:
    """Pages about ``graph``'s things."""

    def __init__(self, graph: Graph, describer: Describer) -> None:
        self.graph = graph
        self.describer = describer
        self._datasets: dict[tuple[str, str], Dataset] = {}

    @cached_property
    def marks(self) -> Marks:
        """The statuses and their signs."""
        return marks(select(self.graph.store, self.graph.repository.query("pages/page-marks")))

    @cached_property
    def _sections(self) -> list[Section]:
        return read_sections(self.graph.repository)

    @cached_property
    def _beside(self) -> frozenset[str]:
        """The properties that stand beside every statement as evidence, and so are not told as statements."""
        return frozenset().union(*(each.covers for each in self._sections if not each.shows))

    def render(self, found: Sequence[Description | Collection], links: Sequence[Alternate]) -> str:
        """The page about a thing, or about what is in a collection, or both (then the thing first)."""
        first, last = found[0], found[-1]
        if isinstance(first, Collection):
            return _list(first, links)
        return self._thing(first, last if isinstance(last, Collection) else None, links)

    def _thing(
        self, description: Description, collection: Collection | None, links: Sequence[Alternate]
    ) -> str:
        suited = [each for each in self._sections if each.shows and each.suits(description.kinds)]
        parts = filled(suited, description.thing, self.describer)
        evidence = self._evidence(description, parts)
        names = self._names(description, parts, evidence)
        citation = self._citation(description, names)
        return render_template(
            "thing.html",
            **_seen(description, parts, self._beside),
            names=names,
            title=names.of(description.thing, reader().language),
            evidence=evidence,
            parts=[part for part in parts if part.section.shows != "where"],
            where=[item for part in parts if part.section.shows == "where" for item in part.column("item")],
            marks=self.marks,
            board=lambda part: board(part.rows, self.marks),
            time_line=lambda part: time_line(part.rows),
            citation=citation,
            csl=json.dumps([citation.csl_json], ensure_ascii=False, indent=2),
            collection=collection,
            alternates=links,
            crumbs=_crumbs(
                description.thing,
                names.of(description.thing, reader().language),
                names.of(description.kinds[0], reader().language) if description.kinds else "",
                _keys(description, names),
            ),
            feed=canonical(description.thing).replace("/doc/", "/feed/", 1) + ".atom",
            questions=self.graph.catalogue,
            section="/id",
        )

    def _evidence(self, description: Description, parts: Sequence[Filled]) -> Mapping[str, Sequence[Proof]]:
        told = {subject.value for group in description.groups if group.detailed for subject in group.subjects}
        things = {
            iri for part in parts for name in ("witness", "promise", "milestone") for iri in _of(part, name)
        }
        return proofs(self.describer, {description.thing, *told, *things} - {""})

    def _names(
        self, description: Description, parts: Sequence[Filled], evidence: Mapping[str, Sequence[Proof]]
    ) -> AllNames:
        """The names of all that the page shows: the description's own, with those of the sections added."""
        wanted = {iri for part in parts for iri in part.iris()} | mentioned(evidence)
        wanted |= {mark.code for mark in self.marks.listed if mark.code}
        return AllNames((description.names, self.describer.names(wanted)))

    def _citation(self, description: Description, names: AllNames) -> Citation:
        language = reader().language
        title = names.of(description.thing, language).text
        asked = description.thing.removeprefix(str(THINGS))
        version, dataset = self.graph.version, self._dataset(language)
        return Citation(title, asked, dataset, version, description.thing, None, language)

    def _dataset(self, language: str) -> Dataset:
        """What the catalogue says of the graph as a whole; asked once for each version and language."""
        known = (self.graph.version, language)
        if known not in self._datasets:
            self._datasets[known] = Dataset.of(self.graph, language)
        return self._datasets[known]


def _of(part: Filled, name: str) -> list[str]:
    return part.column(name) if part.rows and name in part.rows[0] else []


def _seen(description: Description, parts: Sequence[Filled], beside: frozenset[str]) -> dict[str, object]:
    """What the page tells besides its sections: heading, other statements, what else points here."""
    traits, language = description.traits, reader().language
    covered = beside | {property_ for part in parts for property_ in part.section.covers}
    pointing = {property_ for part in parts for property_ in part.section.covers_incoming}
    said = reading(description.statements, traits, language)
    lead = next((group for group in said if traits.has(group[0], "lead")), ("", []))
    body = [
        (property_, statements)
        for property_, statements in said
        if property_ not in {lead[0], *covered} and not any(traits.has(property_, role) for role in _APART)
    ]
    numbers = (s.value.value for s in description.having("number") if isinstance(s.value, ox.Literal))
    return {
        "description": description,
        "number": next(numbers, ""),
        "lead": lead[1],
        "body": body,
        "groups": [
            replace(group, subjects=sorted(group.subjects, key=lambda subject: natural(subject.value)))
            for group in description.groups
            if group.predicate not in pointing
        ],
        "inferred": by_property(description.inferred, traits),
        "details": lambda part: _details(description, part, beside),
    }


def _details(
    description: Description, part: ox.NamedNode, beside: frozenset[str]
) -> list[tuple[str, list[Statement]]]:
    """What a thing that points here says, but for what the page shows apart, and that it points here."""
    said = reading(description.parts.get(part.value, ()), description.traits, reader().language)
    return [
        (property_, others)
        for property_, statements in said
        if property_ not in beside
        and not any(description.traits.has(property_, role) for role in _APART[:3])
        and (others := [s for s in statements if s.value != ox.NamedNode(description.thing)])
    ]


def _list(collection: Collection, links: Sequence[Alternate]) -> str:
    tail = collection.iri.removeprefix(f"{BASE}id").strip("/")
    title = collection.names.of(collection.kind, reader().language).text if tail and collection.kind else ""
    return render_template(
        "collection.html",
        collection=collection,
        names=collection.names,
        title=title,
        tail=tail,
        alternates=links,
        crumbs=_crumbs(collection.iri, title or tail.rpartition("/")[2]) if tail else [],
        section="/id",
    )


def _keys(description: Description, names: AllNames) -> Mapping[str, Name]:
    """What a thing points to, by the last piece of its IRI, such as the strategy that its own IRI names."""
    pointed = {s.value.value for s in description.statements if isinstance(s.value, ox.NamedNode)}
    return {
        iri.rpartition("/")[2]: names.of(iri, reader().language)
        for iri in sorted(pointed, reverse=True)
        if iri.startswith(str(THINGS))
    }


def _crumbs(
    iri: str, title: str | Name, kind: str | Name = "", keys: Mapping[str, Name] | None = None
) -> list[tuple[str, str | Name]]:
    """The collections that the thing's IRI lies in, the first called by the kind of things, and itself.

    keys: what the pieces of the IRI between are called; a piece that has no name is shown as it is.
    """
    known = keys or {}
    pieces = iri.removeprefix(f"{BASE}id/").split("/")
    outer = ["/".join(pieces[:number]) for number in range(1, len(pieces))]
    labels = [kind or pieces[0], *(known.get(piece, Name(piece, voice="machine")) for piece in pieces[1:-1])]
    return [
        *((path_of(f"{BASE}id/{tail}"), label) for tail, label in zip(outer, labels, strict=False)),
        ("", title),
    ]
