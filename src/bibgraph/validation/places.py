"""Where a finding's thing stands, and what it is called: looked up once the finding is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from bibgraph.findings import Finding
from bibgraph.messages import LANGUAGES
from bibgraph.namespaces import DCTERMS, FOAF, RDFS, SDO, SKOS
from bibgraph.repository import SourceFile
from bibgraph.turtle import read_text
from bibgraph.turtle.positions import Outline, Place, Statement, statements
from bibgraph.turtle.scanning import PositionError
from bibgraph.validation.files import WITH_OUTLINE, ReadFile, named
from bibgraph.validation.identities import identity
from bibgraph.validation.terms import show

_NAMES = tuple(str(each) for each in (SKOS.prefLabel, RDFS.label, DCTERMS["title"], FOAF.name, SDO.name))
_STEP = re.compile(r"(\^?)<([^<>]*)>")
_TURNED = "^("
"""In a path, with this begins a group that is followed from values to things."""

_TEXT = '"'
"""With this begins what is a value, not a thing."""

_MANY = 1000
_NOWHERE = Place(0, 0, 0, 0)
_WITH_POSITIONS = (".ttl", ".trig", ".nt", ".nq")


Ahead = Mapping[tuple[str, str], list[Statement] | None]
"""Statements by the name of a file and the IRI of a thing; None where they cannot be read by themselves."""


class Places:
    """The statements of some files, by subject. A file is parsed for positions when a finding needs them."""

    def __init__(
        self, files: Iterable[ReadFile], holds: Callable[[ReadFile, str], bool] | None = None
    ) -> None:
        """holds: whether a file that has its text at hand states something of the thing with this IRI."""
        self._files = tuple(files)
        self._holds = holds
        self._positions: dict[str, dict[str, list[Statement]]] = {}
        self._outlines: dict[str, Outline | None] = {}
        self._indexes: dict[str, dict[str, list[ox.Quad]]] = {}
        self._by_value: dict[bool, dict[str, list[tuple[SourceFile, ox.Quad]]]] = {}
        self._about_things: dict[tuple[str, str], list[Statement] | None] = {}

    def ahead(self, things: Collection[str]) -> Ahead:
        """What the one file that has its text at hand states of some things with an IRI, for ``know``.

        Nothing if there are more such files, or more things than can quickly be told to another process.
        """
        at_hand = [read.file for read in self._files if read.content is not None]
        for thing in things if len(at_hand) == 1 and len(things) < _MANY else ():
            self._outlined(at_hand[0], thing)
        return self._about_things

    def know(self, ahead: Ahead) -> None:
        """Take in what another process has looked up."""
        self._about_things.update(ahead)

    def place(self, finding: Finding) -> Finding:
        """The finding with label, file, line and column, as far as they are known and not there already.

        The place is that of the triple that the finding is about (for a path of several properties, the one
        that its value stands in), else of one with the same property, else of the first statement about its
        thing. What nothing is stated of, such as a text, stands where it is a value.
        """
        if not finding.thing or finding.file:
            return finding
        stated = self._stated(finding.thing)
        named = replace(
            finding,
            label=finding.label or self._label(finding.thing),
            identity=identity(finding, self.statements, self._owners),
        )
        exact = [] if stated else self._valued(finding.thing)
        if not stated and not exact:
            return named
        along = [(file, quad) for file, quad in stated if show(quad.predicate) == finding.path]
        exact += [(file, quad) for file, quad in along if show(quad.object) == finding.value]
        exact = exact or self._reached(finding)
        file, quad = (exact or along or stated)[0]
        line, column, end_line, end_column = self._position(file, quad, exact=bool(exact or along))
        return replace(
            named, file=file.name, line=line, column=column, end_line=end_line, end_column=end_column
        )

    def _reached(self, finding: Finding) -> list[tuple[SourceFile, ox.Quad]]:
        """The triple in which a path of several properties, followed from the thing, comes to the value."""
        steps = _STEP.findall(finding.full_path) if finding.value else []
        turned = _TURNED in finding.full_path
        ahead_by = {iri for back, iri in steps if turned or not back}
        back_by = {iri for back, iri in steps if turned or back}
        ahead, seen = [finding.thing] if steps else [], {finding.thing}
        while ahead:
            node = ahead.pop(0)
            for file, quad, other in self._around_by(node, ahead_by, back_by):
                if show(other) == finding.value:
                    return [(file, quad)]
                if not isinstance(other, ox.Literal) and _key(other) not in seen:
                    seen.add(_key(other))
                    ahead.append(_key(other))
        return []

    def _around_by(
        self, node: str, ahead_by: Collection[str], back_by: Collection[str]
    ) -> Iterator[tuple[SourceFile, ox.Quad, Any]]:
        """The triples that lead from a node by these properties, or to it, and what is at the other end."""
        for file, quad in self._stated(node):
            if quad.predicate.value in ahead_by:
                yield file, quad, quad.object
        for file, quad in self._valued(node) if back_by else ():
            if quad.predicate.value in back_by:
                yield file, quad, quad.subject

    def statements(self, thing: str) -> list[ox.Quad]:
        """What the files state of the thing with this IRI, as it is written there."""
        return [quad for _, quad in self._stated(thing)]

    def _stated(self, thing: str) -> list[tuple[SourceFile, ox.Quad]]:
        """What the files state of a thing, in their order."""
        if thing.startswith(_TEXT):
            return []
        return [(read.file, quad) for read in self._files for quad in self._stated_in(read, thing)]

    def _valued(self, node: str) -> list[tuple[SourceFile, ox.Quad]]:
        """The statements with this value: a text, a thing, a blank node."""
        texts = node.startswith(_TEXT)
        if texts not in self._by_value:
            index = self._by_value.setdefault(texts, {})
            for read in self._files:
                for quad in read.quads:
                    if isinstance(quad.object, ox.Literal) == texts:
                        index.setdefault(_key(quad.object), []).append((read.file, quad))
        return self._by_value[texts].get(node, [])

    def _owners(self, node: str) -> list[ox.Quad]:
        return self._by_blank.get(node, [])

    @cached_property
    def _by_blank(self) -> dict[str, list[ox.Quad]]:
        index: dict[str, list[ox.Quad]] = {}
        for read in self._files:
            for quad in read.quads if read.content is None else ():
                if isinstance(quad.object, ox.BlankNode):
                    index.setdefault(show(quad.object), []).append(quad)
        return index

    def _stated_in(self, read: ReadFile, thing: str) -> list[ox.Quad]:
        if self._holds is not None and read.content is not None and not thing.startswith("_:"):
            if not self._holds(read, thing):
                return []
            found = self._outlined(read.file, thing)
            if found is not None:
                return [statement.quad for statement in found]
        return self._index(read).get(thing, [])

    def _outlined(self, file: SourceFile, thing: str) -> list[Statement] | None:
        """The statements about a thing with an IRI, with their places, if they can be read by themselves."""
        key = (file.name, thing)
        if key not in self._about_things:
            outline = self._outline(file)
            self._about_things[key] = None
            if outline is not None:
                with suppress(PositionError, RecursionError):
                    self._about_things[key] = outline.about(thing)
        return self._about_things[key]

    def _index(self, read: ReadFile) -> dict[str, list[ox.Quad]]:
        if read.file.name not in self._indexes:
            index: dict[str, list[ox.Quad]] = {}
            for quad in read.quads:
                index.setdefault(_key(quad.subject), []).append(quad)
            self._indexes[read.file.name] = index
        return self._indexes[read.file.name]

    def _label(self, thing: str) -> str:
        candidates = [
            (_NAMES.index(quad.predicate.value), _language_rank(quad.object), quad.object.value)
            for _, quad in self._stated(thing)
            if quad.predicate.value in _NAMES and isinstance(quad.object, ox.Literal)
        ]
        return min(candidates)[2] if candidates else ""

    def _position(self, file: SourceFile, quad: ox.Quad, *, exact: bool) -> Place:
        found = self._about(file, _key(quad.subject))
        if exact:
            same = [statement for statement in found if statement.quad == quad]
            for statement in same or found:
                if _same(statement.quad, quad):
                    return statement.object
        return found[0].subject if found else _NOWHERE

    def _about(self, file: SourceFile, subject: str) -> list[Statement]:
        """The statements about a thing in a file, with their places."""
        found = None if subject.startswith("_:") else self._outlined(file, subject)
        return self._statements(file).get(subject, []) if found is None else found

    def _outline(self, file: SourceFile) -> Outline | None:
        """For files of one graph, in which the statements about a thing can be read by themselves."""
        if file.name not in self._outlines:
            self._outlines[file.name] = None
            if file.path.suffix in WITH_OUTLINE:
                with suppress(PositionError):
                    self._outlines[file.name] = Outline(
                        read_text(file.path, name=file.name), file.graph, file.base
                    )
        return self._outlines[file.name]

    def _statements(self, file: SourceFile) -> dict[str, list[Statement]]:
        if file.name not in self._positions:
            by_subject: dict[str, list[Statement]] = {}
            if file.path.suffix in _WITH_POSITIONS:
                # What only the other parser reads (RDF 1.2, deep brackets) has its places up to there.
                found: list[Statement] = []
                with suppress(PositionError, RecursionError):
                    found.extend(statements(read_text(file.path, name=file.name), file.graph, file.base))
                quads = named(file, (statement.quad for statement in found))
                for statement, quad in zip(found, quads, strict=True):
                    by_subject.setdefault(_key(quad.subject), []).append(replace(statement, quad=quad))
            self._positions[file.name] = by_subject
        return self._positions[file.name]


def _key(subject: object) -> str:
    return subject.value if isinstance(subject, ox.NamedNode) else show(subject)


def _same(one: ox.Quad, other: ox.Quad) -> bool:
    """Whether two readings of a file mean the same triple; blank nodes may be labelled differently."""
    if isinstance(one.object, ox.BlankNode) or isinstance(other.object, ox.BlankNode):
        return one.predicate == other.predicate and type(one.object) is type(other.object)
    return one.predicate == other.predicate and one.object == other.object


def _language_rank(literal: ox.Literal) -> int:
    language = literal.language or ""
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
