"""``/sitemap.xml`` and ``/robots.txt``: every page, for search engines (sitemaps.org 0.9; RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import islice

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from bibgraph.describe import about, select, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import THINGS
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.sections import overview_keys
from bibgraph.web.http.addresses import site
from bibgraph.web.http.decoding import url_path
from bibgraph.web.parts.display import canonical, path_of
from bibgraph.web.vocabulary.ontology import Vocabulary

MOST = 50_000
"""So many addresses are in one file at most: the protocol's own limit."""
PAGES = ("/", "/accessibility", "/doc", "/dumps/", "/graph", "/ontology", "/queries", "/shapes")
"""Pages that there are for every graph."""
OWN_PAGES = ("/catalog", "/status", "/sources", "/overviews", "/changes")
"""Pages about the graph with a catalogue: the project's own."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XML = "application/xml"


class Sitemap:
    """The list of ``graph``'s pages."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.publication = Publication(graph)
        self.vocabulary = Vocabulary(graph)

    def blueprint(self) -> Blueprint:
        """The addresses of the list and of its parts."""
        pages = Blueprint("sitemap", __name__)
        pages.add_url_rule("/sitemap.xml", "index", self.index)
        pages.add_url_rule("/sitemap-<int:number>.xml", "part", self.part)
        pages.add_url_rule("/robots.txt", "robots", self.robots)
        return pages

    def index(self) -> Response:
        """All addresses; or, if they are too many for one file, where the parts are."""
        paths = list(self.paths())
        if len(paths) <= MOST:
            return _answer(self._urls(paths), _XML)
        parts = -(-len(paths) // MOST)
        here = site()
        entries = "".join(
            f"<sitemap><loc>{here}sitemap-{n}.xml</loc></sitemap>\n" for n in range(1, parts + 1)
        )
        return _answer(f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{entries}</sitemapindex>\n', _XML)

    def part(self, number: int) -> Response:
        """One of the files that the addresses are split into."""
        paths = list(islice(self.paths(), max(number - 1, 0) * MOST, max(number, 0) * MOST))
        if not paths:
            raise NotFound(message("There is no such part of the sitemap."))
        return _answer(self._urls(paths), _XML)

    def robots(self) -> Response:
        """Everything may be read; queries by machines have the SPARQL Protocol's own rules."""
        text = f"User-agent: *\nAllow: /\nDisallow: /sparql?\n\nSitemap: {site()}sitemap.xml\n"
        return _answer(text, "text/plain; charset=utf-8")

    def paths(self) -> Iterator[str]:
        """The paths of all pages, each once: of the site, of named graphs, of collections and of things."""
        yield from dict.fromkeys(self._all())

    def _all(self) -> Iterator[str]:
        yield from (page for page in PAGES if _is_served(page))
        if self.publication.colophon().catalogue:
            yield from (page for page in OWN_PAGES if _is_served(page))
            documents = select(self.graph.store, self.graph.repository.query("pages/documents"))
            yield from (_of_source(value_of(row["document"])) for row in documents)
            yield from (f"/overviews/{one}" for one in overview_keys(self.graph.repository))
        yield from self.vocabulary.paths()
        yield from (f"/queries/{url_path(question.id)}" for question in self.graph.catalogue)
        rows = select(self.graph.store, self.graph.repository.query("pages/page-graphs"))
        yield from (path_of(value_of(row["graph"])) for row in rows)
        for thing in self.things():
            pieces = thing.removeprefix(str(THINGS)).split("/")
            yield from (canonical(f"{THINGS}{'/'.join(pieces[:n])}") for n in range(1, len(pieces) + 1))

    def things(self) -> Iterator[str]:
        """The IRIs of all things, in their order."""
        text, last = self.graph.repository.query("pages/page-things"), ""
        while True:
            asked = about(text, "after", [ox.Literal(last)])
            found = [value_of(row["thing"]) for row in select(self.graph.store, asked)]
            yield from found
            if not found:
                return
            last = found[-1]

    def _urls(self, paths: Iterable[str]) -> str:
        here = site().rstrip("/")
        entries = "".join(
            f"<url><loc>{escape(here + path)}</loc>{self._changed(path)}</url>\n" for path in paths
        )
        return f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n{entries}</urlset>\n'

    def _changed(self, path: str) -> str:
        """The day of the release that changed a thing last, where that is known."""
        release = self.publication.log.changed(f"{THINGS}{path.removeprefix('/doc/')}")
        return f"<lastmod>{release.date}</lastmod>" if release else ""


def _of_source(iri: str) -> str:
    """The path of the page with the text of a source document."""
    return "/sources/" + url_path(iri.removeprefix(f"{THINGS}source/"))


def _is_served(path: str) -> bool:
    return any(rule.rule == path for rule in current_app.url_map.iter_rules())


def _answer(text: str, content_type: str) -> Response:
    """It names the host that it was asked at, so that it is no answer to keep for others."""
    response = Response(text, content_type=content_type)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
