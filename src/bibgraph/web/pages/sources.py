"""The sources: their list, and each document line by line with its quoted passages marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from bibgraph.describe import Describer, Row, select, value_of
from bibgraph.errors import NotFound, StoreError
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.sources import Coverage, Sources, coverage, read_sources
from bibgraph.web.documents.sections import fill
from bibgraph.web.http.addresses import moved_whole
from bibgraph.web.http.answers import represent
from bibgraph.web.http.decoding import MalformedRequest, iri_path, own_iri
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.reader import reader
from bibgraph.web.pages.passages import Lit, passages
from bibgraph.web.parts.assets import scripted
from bibgraph.web.parts.display import nearest_text
from bibgraph.web.parts.evidence import source_path
from bibgraph.web.questions.asked import address_fields

_LINES = re.compile(r"([1-9][0-9]{0,5})(?:-([1-9][0-9]{0,5}))?")
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Fault:
    """A fault of the source: its words there, what it is, and the sentence about it."""

    iri: str
    words: str
    kind: str
    note: ox.Literal | None


class SourcePages:
    """The pages of ``graph``'s sources."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The addresses of the list and of each document."""
        pages = Blueprint("sources", __name__)
        pages.add_url_rule("/sources", "list", self.list)
        pages.add_url_rule("/sources/<path:key>", "document", self.document)
        return pages

    def list(self) -> Response:
        """All sources: documents with their coverage, pages of the web with what they say."""
        rows = list(select(self.graph.store, self.graph.repository.query("pages/page-documents")))
        found = list({value_of(row["source"]): row for row in reversed(rows)}.values())[::-1]
        documents = [row for row in found if value_of(row["file"])]
        covered = {value_of(row["source"]): self._covered(value_of(row["source"])) for row in documents}
        body = render_template(
            "sources.html",
            documents=documents,
            covered=covered,
            web=[row for row in found if not value_of(row["file"])],
            names=self.describer.names({value_of(row["source"]) for row in found}),
            path_of_source=source_path,
            section="/sources",
            crumbs=[("", message("Sources").text(reader().language))],
        )
        return scripted(represent(body, HTML, version=self.graph.version))

    def document(self, key: str) -> Response:
        """A document's text, its passages marked; as plain text where the address ends in .txt."""
        if key.endswith("/"):
            return moved_whole(f"/sources/{key.rstrip('/')}")
        plain = key.endswith(".txt")
        iri = own_iri(f"id/source/{iri_path(key.removesuffix('.txt'))}")
        sources = self._sources(iri)
        document = sources.documents.get(iri)
        if document is None or not document.lines:
            raise NotFound(
                message("There is no document here with the key {key}.", key=key),
                hint=message("See which there are at /sources."),
            )
        if plain:
            return represent("\n".join(document.lines), TEXT, version=self.graph.version, varies=False)
        lit = _lit()
        rows = list(select(self.graph.store, fill(self._query("page-passages"), thing=[ox.NamedNode(iri)])))
        faults = _faults(rows)
        words = {
            quotation: [each.words for each in found if each.words] for quotation, found in faults.items()
        }
        shown = passages(document, sources.quotations.values(), sources.layout, words, lit)
        supported = _supported(rows)
        named = {thing for things in supported.values() for thing in things}
        named |= {each.kind for found in faults.values() for each in found if each.kind}
        names = self.describer.names({iri, *named, *(each.reason for each in sources.layout)})
        body = render_template(
            "source.html",
            document=document,
            passages=shown,
            supported=supported,
            faults=faults,
            covered=next(iter(coverage(sources)), None),
            reasons={n: each.reason for each in sources.layout for n in range(each.first, each.last + 1)},
            names=names,
            lit=lit,
            section="/sources",
            crumbs=[
                ("/sources", message("Sources").text(reader().language)),
                ("", names.of(iri, reader().language)),
            ],
        )
        return represent(body, HTML, version=self.graph.version)

    def _covered(self, iri: str) -> Coverage | None:
        return next(iter(coverage(self._sources(iri))), None)

    def _sources(self, iri: str) -> Sources:
        """One document with its quotations, as the sources' own room reads them."""
        answer = self.graph.store.query(fill(self._query("page-document"), thing=[ox.NamedNode(iri)]))
        if not isinstance(answer, ox.QueryTriples):
            raise StoreError(message("The store did not answer with triples."))
        quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in answer]
        return read_sources(quads, self.graph.repository)

    def _query(self, name: str) -> str:
        return self.graph.repository.query(f"pages/{name}")


def _supported(rows: Sequence[Row]) -> Mapping[str, Sequence[str]]:
    """By quotation, the things that rest on it; faults are told apart."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        thing, quotation = value_of(row["supported"]), value_of(row["quotation"])
        if row["fault"] is None and thing not in found[quotation]:
            found[quotation].append(thing)
    return found


def _faults(rows: Sequence[Row]) -> Mapping[str, Sequence[Fault]]:
    """By quotation, the faults found in it."""
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["fault"] is not None:
            grouped[value_of(row["quotation"]), value_of(row["fault"])].append(row)
    found: dict[str, list[Fault]] = defaultdict(list)
    for (quotation, fault), same in grouped.items():
        words, kind = value_of(same[0]["words"]), value_of(same[0]["kind"])
        found[quotation].append(Fault(fault, words, kind, nearest_text(same, "note")))
    return found


def _lit() -> Lit:
    """The lines that the address asks to light. Raises MalformedRequest for what is no line."""
    asked = address_fields().first("lines")
    match = _LINES.fullmatch(asked)
    if asked and not match:
        raise MalformedRequest(
            message("«{lines}» are no lines of a document.", lines=asked),
            hint=message("Write one line or two with a hyphen, counted from 1: ?lines=145-150"),
        )
    return Lit(*sorted((int(match[1]), int(match[2] or match[1])))) if match else Lit()
