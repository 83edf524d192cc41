"""``/catalog``: data sets and services (DCAT-AP-NO 3.0); ``/concepts``: code lists (SKOS-AP-NO-Begrep 2.0).

Both are for harvesting. What they say is in the graph; a little that only the profiles want is made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox
from flask import Blueprint, Response

from bibgraph.describe import Describer, Statement, collect, select
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.namespaces import BASE
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs
from bibgraph.web.documents.thing_pages import ThingPages
from bibgraph.web.http.answers import Document, alternates, represent
from bibgraph.web.http.formats import HTML, RDF, Wanted, wanted
from bibgraph.web.rdf.serialising import serialise

CATALOGUE = "/catalog"
CONCEPTS = "/concepts"
_WITH_GRAPHS = BY_NAME["trig"].type
_MADE = ("catalogue-agents", "catalogue-series")


class Catalog:
    """The description of what ``graph`` offers."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self.publication = Publication(graph)

    def blueprint(self) -> Blueprint:
        """The addresses of both descriptions, with and without an ending that names a format."""
        pages = Blueprint("catalog", __name__)
        for rule in (CATALOGUE, f"{CATALOGUE}.<ending>"):
            pages.add_url_rule(rule, "catalogue", self.catalogue)
        for rule in (CONCEPTS, f"{CONCEPTS}.<ending>"):
            pages.add_url_rule(rule, "concepts", self.concepts)
        return pages

    def catalogue(self, ending: str = "") -> Response:
        """The catalogue with all that is in it; as a page, what is said of the catalogue itself."""
        want, signs = _wanted(CATALOGUE, ending), self.signs(CATALOGUE)
        found = self.describer.describe(signs.iri) if signs else None
        if signs is None or found is None:
            raise NotFound(message("There is no catalogue in this graph."))
        if want.type == HTML:
            body: str | bytes = ThingPages(self.graph, self.describer).render([found], signs.forms)
        else:
            quads = [*self._told(want), *(quad for query in _MADE for quad in self._made(query))]
            body = serialise(quads, want.type, first=signs.iri, context=self.publication.context)
        return self._answer(body, want, signs)

    def concepts(self, ending: str = "") -> Response:
        """The code lists, each as a scheme and as a collection."""
        want, signs = _wanted(CONCEPTS, ending, RDF), self._signs(CONCEPTS, BASE + CONCEPTS[1:])
        quads = [*self._made("concepts"), *self._made("catalogue-agents")]
        if not quads:
            raise NotFound(message("There are no code lists in this graph."))
        return self._answer(serialise(quads, want.type, context=self.publication.context), want, signs)

    def signs(self, path: str) -> Signs | None:
        """The links of the page at this path; None if there is none."""
        colophon = self.publication.colophon()
        if path != CATALOGUE or not colophon.catalogue:
            return None
        rows = self.describer.about("pages/describe-kinds", "thing", [colophon.catalogue])
        kinds = dict.fromkeys(
            s.value.value for s in collect(rows) if isinstance(s.value, ox.NamedNode) and not s.inferred
        )
        return replace(self._signs(path, colophon.catalogue), kinds=tuple(kinds), items=colophon.files)

    def _signs(self, path: str, iri: str) -> Signs:
        return Signs(path, iri, alternates(path, RDF), self.publication.colophon())

    def _told(self, want: Wanted) -> Iterator[ox.Quad]:
        """What the graph says of the catalogue's things; in named graphs, where the format has these."""
        rows = select(self.graph.store, self.graph.repository.query("pages/catalogue-things"))
        said: Sequence[Statement] = collect(rows)
        for statement in said:
            yield from statement.quads() if want.type == _WITH_GRAPHS else (statement.quad,)

    def _made(self, query: str) -> Iterator[ox.Quad]:
        """The triples that ``queries/pages/<query>.rq`` makes."""
        answer = self.graph.store.query(self.graph.repository.query(f"pages/{query}"))
        if not isinstance(answer, ox.QueryTriples):
            raise TypeError(f"{query} is no CONSTRUCT query")
        return (ox.Quad(*triple) for triple in answer)

    def _answer(self, body: str | bytes, want: Wanted, signs: Signs) -> Response:
        has_page = HTML in want.offered
        return represent(
            body,
            want.type,
            version=self.graph.version,
            links=signs.forms,
            varies=not want.fixed,
            document=Document(
                signs.path, tuple(signs.header()), signs.colophon.modified, page_in_html=has_page
            ),
        )


def _wanted(path: str, ending: str, offered: Sequence[str] = (HTML, *RDF)) -> Wanted:
    name = path.strip("/")
    want = wanted(f"{name}.{ending}" if ending else name, offered)
    if want.key != name:
        raise NotFound(message("There is no format named {name} here.", name=ending))
    return want
