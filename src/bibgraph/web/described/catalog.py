"""``/catalog``: data sets and services (DCAT-AP-NO 3.0); ``/concepts``: code lists (SKOS-AP-NO-Begrep 2.0).

Both are for harvesting. What they say is in the graph; a little that only the profiles want is made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox
from flask import Blueprint, Response, g, request

from bibgraph.describe import Describer, Statement, collect, select
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.namespaces import BASE, PREFIXES, XSD
from bibgraph.publish.stratml import SUFFIX
from bibgraph.web.described.contact import mailboxes
from bibgraph.web.described.files import files_of
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs
from bibgraph.web.documents.thing_pages import ThingPages
from bibgraph.web.endpoint.service import VOID_PATH as VOID
from bibgraph.web.http.addresses import moved
from bibgraph.web.http.answers import Document, Link, alternates, represent
from bibgraph.web.http.formats import HTML, RDF, Wanted, choose, wanted
from bibgraph.web.rdf.serialising import serialise

CATALOGUE = "/catalog"
CONCEPTS = "/concepts"
_WITH_GRAPHS = BY_NAME["trig"].type
FRONT = "/"
SEE_OTHER = 303
_WAYS_IN = (
    (VOID, "describedby", BY_NAME["ttl"].type),
    ("/openapi.json", "service-desc", "application/json"),
    ("/sparql", "service-meta", BY_NAME["ttl"].type),
    ("/feed.atom", "alternate", "application/atom+xml"),
    ("/sitemap.xml", "sitemap", "application/xml"),
)
"""Where programs go on from the front page: by which relation (RFC 8631 for services), and what is there."""
_MADE = ("catalogue-agents", "catalogue-periods", "catalogue-series")
_OF_FILES = {"catalogue-files": "", "catalogue-plans": SUFFIX}
"""Queries that want to know of files, and how the names of these end."""
_FILES, _MAILBOX = "(?file ?size ?sum)", "?mailbox"
_HEX = f"{PREFIXES['xsd']}hexBinary"
_INTEGER, _SIZE = ox.NamedNode(XSD.integer), ox.NamedNode(XSD.nonNegativeInteger)


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
        pages.before_app_request(self._of_front)
        pages.after_app_request(self._beside_front)
        return pages

    def _of_front(self) -> Response | None:
        """303 from the front page for who wants data: to what describes all of it.

        The front page is the data set's home. The catalogue has the data set, its files and its services;
        without a catalogue there is VoID.
        """
        if request.path != FRONT or request.method not in ("GET", "HEAD"):
            return None
        if choose(request.args.get("format", ""), (HTML, *RDF)) == HTML:
            g.ways_in = tuple(self._ways_in())  # asked for here, where a failure is still answered as one
            return None
        return moved(CATALOGUE if self.publication.colophon().catalogue else VOID, SEE_OTHER)

    def _beside_front(self, response: Response) -> Response:
        """On the front page, where programs go on."""
        if request.path == FRONT:
            response.vary.update(("Accept", "Accept-Language"))
            for link in g.get("ways_in", ()):
                response.headers.add("Link", str(link))
        return response

    def _ways_in(self) -> Iterator[Link]:
        colophon = self.publication.colophon()
        if colophon.catalogue:
            yield from (Link(form.path, "describedby", form.type) for form in alternates(CATALOGUE, RDF))
        yield from colophon.links()
        for path, relation, type_ in _WAYS_IN:
            yield Link(path, relation, type_)

    def catalogue(self, ending: str = "") -> Response:
        """The catalogue with all that is in it; as a page, what is said of the catalogue itself."""
        want, signs = _wanted(CATALOGUE, ending), self.signs(CATALOGUE)
        found = self.describer.describe(signs.iri) if signs else None
        if signs is None or found is None:
            raise NotFound(message("There is no catalogue in this graph."))
        if want.type == HTML:
            body: str | bytes = ThingPages(self.graph, self.describer).render([found], signs.forms)
        else:
            made = (quad for query in _MADE for quad in self._made(query))
            quads = [*self._told(want), *made, *self._contact(), *self._files()]
            body = serialise(quads, want.type, first=signs.iri, context=self.publication.context)
        return self._answer(body, want, signs)

    def concepts(self, ending: str = "") -> Response:
        """The code lists, each as a scheme and as a collection."""
        want, signs = _wanted(CONCEPTS, ending, RDF), self._signs(CONCEPTS, BASE + CONCEPTS[1:])
        media_type = want.type  # before all is read
        quads = [*self._made("concepts"), *self._made("catalogue-agents"), *self._contact()]
        if not quads:
            raise NotFound(message("There are no code lists in this graph."))
        return self._answer(serialise(quads, media_type, context=self.publication.context), want, signs)

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

    def _contact(self) -> Iterator[ox.Quad]:
        """What the graph does not say of contact points."""
        written = " ".join(f"<{mailbox}>" for mailbox in mailboxes())
        return self._made("catalogue-contact", _MAILBOX, written or "UNDEF")

    def _files(self) -> Iterator[ox.Quad]:
        """How large the files are that can be fetched, and their checksums; nothing while they are made."""
        files = {f"{BASE}{file.path[1:]}": file for file in files_of().ready()}
        for query, suffix in _OF_FILES.items():
            known = [
                f'(<{iri}> {file.size} "{file.sha256}"^^<{_HEX}>)'
                for iri, file in files.items()
                if iri.endswith(suffix)
            ]
            yield from map(_sized, self._made(query, _FILES, "\n".join(known)) if known else ())

    def _made(self, query: str, variables: str = "", filled: str = "") -> Iterator[ox.Quad]:
        """The triples that ``queries/pages/<query>.rq`` makes.

        variables, filled: those of its empty ``VALUES``, and what is written into it.
        """
        text = self.graph.repository.query(f"pages/{query}")
        text = text.replace(f"VALUES {variables} {{ }}", f"VALUES {variables} {{ {filled} }}")
        answer = self.graph.store.query(text)
        if not isinstance(answer, ox.QueryTriples):
            raise TypeError(f"{query} is no CONSTRUCT query")
        return (ox.Quad(*triple) for triple in answer)

    def _answer(self, body: str | bytes, want: Wanted, signs: Signs) -> Response:
        has_page = HTML in want.offered
        sums = ",".join(file.sha256 for file in files_of().ready())
        return represent(
            body,
            want.type,
            version="\n".join((self.graph.version, sums, *mailboxes())),
            links=signs.forms,
            varies=not want.fixed,
            document=Document(
                signs.path, tuple(signs.header()), signs.colophon.modified, page_in_html=has_page
            ),
        )


def _sized(quad: ox.Quad) -> ox.Quad:
    """The same; sizes have the datatype that DCAT wants, which the engine takes for any other integer."""
    value = quad.object
    if isinstance(value, ox.Literal) and value.datatype == _INTEGER:
        return ox.Quad(quad.subject, quad.predicate, ox.Literal(value.value, datatype=_SIZE))
    return quad


def _wanted(path: str, ending: str, offered: Sequence[str] = (HTML, *RDF)) -> Wanted:
    name = path.strip("/")
    want = wanted(f"{name}.{ending}" if ending else name, offered)
    if want.key != name:
        raise NotFound(message("There is no format named {name} here.", name=ending))
    return want
