"""Where a finding's thing stands, and what it is called: looked up once the finding is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

import pyoxigraph as ox

from bibgraph.findings import Finding
from bibgraph.messages import LANGUAGES
from bibgraph.namespaces import DCTERMS, FOAF, RDFS, SDO, SKOS
from bibgraph.repository import SourceFile
from bibgraph.turtle import read_text
from bibgraph.turtle.positions import Outline, Place, Statement, statements
from bibgraph.turtle.scanning import PositionError
from bibgraph.validation.files import WITH_OUTLINE, ReadFile, named
from bibgraph.validation.terms import show

_NAMES = tuple(str(each) for each in (SKOS.prefLabel, RDFS.label, DCTERMS["title"], FOAF.name, SDO.name))
_IRI = re.compile(r"<([^<>]*)>")
_TEXT = '"'
"""With this begins what is a value, not a thing."""

_NOWHERE = Place(0, 0, 0, 0)
_WITH_POSITIONS = (".ttl", ".trig", ".nt", ".nq")


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
        self._about_things: dict[tuple[str, str], list[Statement] | None] = {}

    def place(self, finding: Finding) -> Finding:
        """The finding with label, file, line and column, as far as they are known and not there already.

        The place is that of the triple that the finding is about (for a path of several properties, the one
        that its value stands in), else of one with the same property, else of the first statement about its
        thing. A text, which shapes may be run for too, stands where it is a value.
        """
        if not finding.thing or finding.file:
            return finding
        stated = self._stated(finding.thing)
        named = replace(
            finding, label=finding.label or self._label(finding.thing), identity=self._identity(finding)
        )
        exact = self._valued(finding.thing)
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
        along = set(_IRI.findall(finding.full_path)) if finding.value else set()
        ahead, seen = [finding.thing], {finding.thing}
        while along and ahead:
            for file, quad in self._stated(ahead.pop(0)):
                if quad.predicate.value in along:
                    if show(quad.object) == finding.value:
                        return [(file, quad)]
                    node = _key(quad.object)
                    if not isinstance(quad.object, ox.Literal) and node not in seen:
                        seen.add(node)
                        ahead.append(node)
        return []

    def _identity(self, finding: Finding) -> str:
        """A finding's blank nodes by what is stated around them; empty if it has none."""
        blank = [node for node in (finding.thing, finding.value) if node.startswith("_:")]
        return " ".join(self._around(node) for node in blank)

    def _around(self, node: str) -> str:
        """The owners of a blank node, up to a thing with a name, and what is stated of it; sorted."""
        return f"[{' '.join(sorted(self._above(node, frozenset())))} {self._below(node, frozenset())}]"

    def _above(self, node: str, seen: frozenset[str]) -> list[str]:
        if not node.startswith("_:"):
            return [node]
        owners = self._by_object.get(node, []) if node not in seen else []
        return [
            f"{above} {quad.predicate}"
            for quad in owners
            for above in self._above(_key(quad.subject), seen | {node})
        ]

    def _below(self, node: str, seen: frozenset[str]) -> str:
        stated = self._stated(node) if node not in seen else []
        parts = {
            f"{quad.predicate} "
            + (
                self._below(show(quad.object), seen | {node})
                if isinstance(quad.object, ox.BlankNode)
                else str(quad.object)
            )
            for _, quad in stated
        }
        return f"({' ; '.join(sorted(parts))})"

    @cached_property
    def _by_object(self) -> dict[str, list[ox.Quad]]:
        index: dict[str, list[ox.Quad]] = {}
        for read in self._files:
            for quad in read.quads if read.content is None else ():
                if isinstance(quad.object, ox.BlankNode):
                    index.setdefault(show(quad.object), []).append(quad)
        return index

    def statements(self, thing: str) -> list[ox.Quad]:
        """What the files state of the thing with this IRI, as it is written there."""
        return [quad for _, quad in self._stated(thing)]

    def _stated(self, thing: str) -> list[tuple[SourceFile, ox.Quad]]:
        """What the files state of a thing, in their order."""
        if thing.startswith(_TEXT):
            return []
        return [(read.file, quad) for read in self._files for quad in self._stated_in(read, thing)]

    def _valued(self, text: str) -> list[tuple[SourceFile, ox.Quad]]:
        """The statements with this value, for a text."""
        if not text.startswith(_TEXT):
            return []
        return [(read.file, quad) for read in self._files for quad in read.quads if show(quad.object) == text]

    def _stated_in(self, read: ReadFile, thing: str) -> list[ox.Quad]:
        if self._holds is not None and read.content is not None:
            if thing.startswith("_:") or not self._holds(read, thing):
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
