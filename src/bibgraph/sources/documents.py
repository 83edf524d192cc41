"""The source documents with their text, and what the graph says about places in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from bibgraph.messages import LANGUAGES
from bibgraph.namespaces import GRAPHS
from bibgraph.repository import Repository
from bibgraph.turtle import to_store

_MOST_DIGITS = 9
"""Of the number of a line."""
_FILE = ox.NamedNode(GRAPHS["given"])
"""Stands for the file of quads that come without one."""


@dataclass(frozen=True)
class Document:
    """A document of the repository.

    file: the path that the graph states, from the root. stated: the SHA-256 that the graph states. sha256:
    that of the file. lines: its text split on line feeds only. Both are empty where no file can be read.
    """

    iri: str
    title: str
    file: str
    stated: str
    sha256: str = ""
    lines: tuple[str, ...] = ()

    def text(self, first: int, last: int) -> str:
        """The lines from ``first`` to ``last``, both counted from 1, joined by line feeds."""
        return "\n".join(self.lines[first - 1 : last])

    def holds(self, first: int, last: int) -> bool:
        """Whether the document has the lines from ``first`` to ``last``."""
        return 1 <= first <= last <= len(self.lines)


@dataclass(frozen=True)
class Quotation:
    """Words with their place; numbers are 0, and texts empty, where the graph is silent."""

    iri: str
    document: str
    text: str
    first: int
    last: int
    broken: tuple[str, ...]
    cited: bool


@dataclass(frozen=True)
class LayoutPassage:
    """Lines that say nothing themselves; reason is the IRI of a code."""

    iri: str
    document: str
    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class VerbatimValue:
    """A value that must stand word for word in the lines of the quotations that its thing rests on."""

    thing: str
    property: str
    value: ox.Literal | ox.NamedNode | ox.BlankNode
    quotations: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """Documents and places, by IRI where they have one."""

    documents: dict[str, Document]
    quotations: dict[str, Quotation]
    layout: tuple[LayoutPassage, ...]
    values: tuple[VerbatimValue, ...]


def read_sources(
    quads: Iterable[ox.Quad] | ox.Store, repository: Repository, graphs: Sequence[ox.NamedNode] = ()
) -> Sources:
    """All that ``quads`` (ontology and data; of a store, ``graphs`` or its default graph) say of documents.

    Texts and queries come from ``repository``. A text file that is missing, not UTF-8 or outside of it leaves
    its document without lines.
    """
    store = quads if isinstance(quads, ox.Store) else _by_file(list(quads))

    def rows(name: str) -> Iterator[ox.QuerySolution]:
        solutions = store.query(repository.query(f"pages/{name}"), default_graph=list(graphs) or None)
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(f"queries/pages/{name}.rq is not a SELECT")
        return solutions

    return Sources(
        {document.iri: document for document in _documents(rows("documents"), repository.root)},
        {quotation.iri: quotation for quotation in _quotations(rows("quotations"))},
        tuple(
            LayoutPassage(
                _string(row["passage"]),
                _string(row["document"]),
                line_number(_string(row["first"])),
                line_number(_string(row["last"])),
                _string(row["reason"]),
            )
            for row in rows("layout")
        ),
        tuple(_values(rows("verbatim"))),
    )


def _by_file(quads: list[ox.Quad]) -> ox.Store:
    """The union as the default graph, and each file as a graph: words are judged by what their file says."""
    store = to_store(quads)
    for quad in quads:
        file = quad.graph_name if isinstance(quad.graph_name, ox.NamedNode) else _FILE
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, file))
    return store


def _documents(rows: Iterator[ox.QuerySolution], root: Path) -> Iterator[Document]:
    for iri, group in groupby(rows, key=lambda row: _string(row["document"])):
        found = list(group)
        file = _string(found[0]["file"])
        content = _content(root, file)
        yield Document(
            iri,
            _title(row["title"] for row in found),
            file,
            _string(found[0]["sha256"]),
            *(_hash_and_lines(content) if content is not None else ()),
        )


def _content(root: Path, file: str) -> bytes | None:
    path = (root / file).resolve()
    if not file or not path.is_relative_to(root.resolve()) or not path.is_file():
        return None
    return path.read_bytes()


def _hash_and_lines(content: bytes) -> tuple[str, tuple[str, ...]]:
    digest = hashlib.sha256(content).hexdigest()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return digest, ()
    return digest, tuple(text.split("\n"))


def _title(titles: Iterable[object]) -> str:
    literals = [title for title in titles if isinstance(title, ox.Literal)]

    def rank(title: ox.Literal) -> tuple[int, str]:
        language = title.language or ""
        return (LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES), title.value)

    return min(literals, key=rank).value if literals else ""


def _quotations(rows: Iterator[ox.QuerySolution]) -> Iterator[Quotation]:
    for iri, group in groupby(rows, key=lambda row: _string(row["quotation"])):
        found = list(group)
        row = found[0]
        yield Quotation(
            iri,
            _string(row["document"]),
            _string(row["text"]),
            line_number(_string(row["first"])),
            line_number(_string(row["last"])),
            tuple(sorted({_string(each["broken"]) for each in found if each["broken"] is not None})),
            _string(row["cited"]) == "true",
        )


def _values(rows: Iterator[ox.QuerySolution]) -> Iterator[VerbatimValue]:
    def value(row: ox.QuerySolution) -> tuple[object, object, object]:
        return (row["thing"], row["property"], row["value"])

    for (thing, property_, term), group in groupby(rows, key=value):
        quotations = tuple(_string(row["quotation"]) for row in group if row["quotation"] is not None)
        if isinstance(term, ox.Literal | ox.NamedNode | ox.BlankNode):
            yield VerbatimValue(_string(thing), _string(property_), term, quotations)


def _string(term: object) -> str:
    """The characters of a literal, IRI or blank node; nothing for an unbound variable."""
    return term.value if isinstance(term, ox.Literal | ox.NamedNode | ox.BlankNode) else ""


def line_number(text: str) -> int:
    """The number of a line as the graph states it; 0 for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0
