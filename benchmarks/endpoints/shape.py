"""The shape of the project's own data, for generated graphs: what is said of what, and in which words."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from bibgraph.repository import Repository, SourceFile

PROJECT = Path(__file__).resolve().parents[2]
BG = "https://w3id.org/bibgraph/ontology#"
THINGS = "https://w3id.org/bibgraph/id/"
GRAPHS = "https://w3id.org/bibgraph/graph/"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
WORD = re.compile(r"[^\W\d_]{4,}")
"""What counts as a word of a text: shorter ones, which hold a sentence together, stay as they are."""

_PREFIX = re.compile(r"^PREFIX\s+(\w*):\s*<([^>]*)>", re.MULTILINE)
_NAME = re.compile(r"\b([a-z]+):([\w/-]*\w)")
_PATTERN = re.compile(r'REGEX\(.*?, "([^"]+)"')
_SHORTEST = 3

Quads = tuple[ox.Quad, ...]
_Subject = ox.NamedNode | ox.BlankNode | ox.Triple
_Term = TypeVar("_Term", _Subject, _Subject | ox.Literal)


@dataclass(frozen=True)
class Shape:
    """What a plan is made after.

    fixed: the IRIs that are the same in every plan; words: those of each language that may stand for each
    other; targets: what the statements with a predicate lead to, as often as they do; leaves: the things to
    which nothing leads; measures: those to which something does, which are looked up.
    """

    ontology: Quads
    data: Quads
    fixed: frozenset[str]
    words: dict[str, list[str]]
    targets: dict[ox.NamedNode, list[ox.NamedNode]]
    leaves: tuple[ox.NamedNode, ...]
    measures: tuple[ox.NamedNode, ...]


@functools.cache
def shape_of(project: Path) -> Shape:
    """The shape of the data of a project, read once."""
    repository = Repository(project)
    ontology, data = (tuple(_read(files)) for files in (repository.ontology, repository.data))
    questions = sorted((project / "queries" / "questions").glob("*.rq"))
    asked = [file.read_text(encoding="utf-8") for file in questions]
    fixed = frozenset(_fixed(ontology, data, asked))
    leaves = _leaves(data, fixed)
    return Shape(
        ontology=ontology,
        data=data,
        fixed=fixed,
        words=_words(data, _looked_for(asked)),
        targets=_targets(data, fixed),
        leaves=leaves,
        measures=_measures(data, frozenset(leaves)),
    )


class _Labels:
    """Blank nodes by the order in which they come: parsing gives them other labels every time."""

    def __init__(self, name: str) -> None:
        self._name = re.sub(r"\W", "", name)
        self._nodes: dict[ox.BlankNode, ox.BlankNode] = {}

    def steady(self, term: _Term) -> _Term:
        if not isinstance(term, ox.BlankNode):
            return term
        return self._nodes.setdefault(term, ox.BlankNode(f"{self._name}{len(self._nodes)}"))


def _read(files: tuple[SourceFile, ...]) -> Iterator[ox.Quad]:
    for file in files:
        graph, labels = ox.NamedNode(file.graph), _Labels(file.name)
        for quad in ox.parse(path=str(file.path)):
            yield ox.Quad(labels.steady(quad.subject), quad.predicate, labels.steady(quad.object), graph)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _measures(data: Quads, leaves: frozenset[ox.NamedNode]) -> tuple[ox.NamedNode, ...]:
    measure = ox.NamedNode(f"{BG}Measure")
    found = {quad.subject for quad in data if quad.predicate == TYPE and quad.object == measure}
    return tuple(
        sorted((one for one in found if isinstance(one, ox.NamedNode) and one not in leaves), key=str)
    )


def _fixed(ontology: Quads, data: Quads, asked: list[str]) -> Iterator[str]:
    """What the ontology or a query names, all classes, and what the data says of things that are not ours."""
    for quad in ontology:
        yield from map(_iri, quad)
    for quad in data:
        subject = _iri(quad.subject)
        if not subject.startswith((THINGS, GRAPHS)):
            yield subject
        if quad.predicate == TYPE:
            yield _iri(quad.object)
    for text in asked:
        names = dict(_PREFIX.findall(text))
        yield from (names[prefix] + name for prefix, name in _NAME.findall(text) if prefix in names)


def _looked_for(asked: list[str]) -> re.Pattern[str]:
    """The words that a question looks for in texts: they stay what they are, or it would find nothing."""
    ways = (way for text in asked for pattern in _PATTERN.findall(text) for way in pattern.split("|"))
    words = {word for way in ways for word in way.split() if len(word) >= _SHORTEST}
    return re.compile("|".join(sorted(words)) or r"\b\B", re.IGNORECASE)


def _words(data: Quads, kept: re.Pattern[str]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for quad in data:
        if isinstance(quad.object, ox.Literal) and quad.object.language:
            words = (word.casefold() for word in WORD.findall(quad.object.value))
            found.setdefault(quad.object.language, set()).update(
                word for word in words if not kept.search(word)
            )
    return {language: sorted(words) for language, words in sorted(found.items())}


def _targets(data: Quads, fixed: frozenset[str]) -> dict[ox.NamedNode, list[ox.NamedNode]]:
    found: dict[ox.NamedNode, list[ox.NamedNode]] = {}
    for quad in data:
        target = quad.object
        if isinstance(target, ox.NamedNode) and target.value.startswith(THINGS) and target.value not in fixed:
            found.setdefault(quad.predicate, []).append(target)
    return found


def _leaves(data: Quads, fixed: frozenset[str]) -> tuple[ox.NamedNode, ...]:
    led_to = {quad.object for quad in data}
    things = dict.fromkeys(quad.subject for quad in data if _iri(quad.subject).startswith(THINGS))
    return tuple(
        thing
        for thing in things
        if isinstance(thing, ox.NamedNode) and thing not in led_to and thing.value not in fixed
    )
