"""The exported site: what a walk through the served one finds, put right for a place without a server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from flask import Response, render_template, request

from bibgraph.config import Settings
from bibgraph.describe import select, value_of
from bibgraph.describe.names import nearness
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME, GRAPHS
from bibgraph.messages import LANGUAGES
from bibgraph.namespaces import BASE, THINGS
from bibgraph.publish.feeds import addresses
from bibgraph.web import create_app
from bibgraph.web.described.files import PATH as DUMPS
from bibgraph.web.described.files import files_of
from bibgraph.web.documents.mementos import history
from bibgraph.web.export.addresses import Address
from bibgraph.web.export.crawl import Crawl, Progress
from bibgraph.web.export.pages import ALONE, NOT_FOUND, SEARCH, SPARQL, Links
from bibgraph.web.export.places import for_machines, redirects
from bibgraph.web.export.remembering import Kept, Remembering
from bibgraph.web.export.searching import INDEX, Searching
from bibgraph.web.export.sharing import Item, shared
from bibgraph.web.export.visits import Visitor
from bibgraph.web.http.decoding import url_path
from bibgraph.web.http.reader import reader

DATA = "/sparql-data.nq"
"""Where the graph lies that is asked in the browser."""

_ONLY_SERVED = (
    *("/oai", "/timegate/", "/timemap/", "/health", "/metrics", "/theme", "/api", "/mcp", "/openapi.json"),
    *("/sitemap", "/robots.txt", "/neighbourhood/", "/opensearch.xml"),
)
_PAGES = (
    "/",
    "/doc",
    "/ontology",
    "/shapes",
    "/graph",
    "/catalog",
    "/queries",
    "/dumps",
    SPARQL,
    SEARCH,
    NOT_FOUND,
)
_DOCUMENTS = ("/.well-known/void", "/context.jsonld", "/changes/releases")
_SAVED = ("csv", "tsv", "json", "xml", "ttl", "nt", "rdf")
"""The formats that answers can be saved in there."""
_NEEDS = ("/static/sparql-worker.js", DATA)


@dataclass(frozen=True)
class Report:
    """What was written, and links that lead nowhere: by address, the pages that have them."""

    files: int
    bytes: int
    missing: Mapping[str, Sequence[str]]


class Site:
    """The site of ``graph``, to be served at ``base_url``, which ends with a slash.

    engine: the files that answer SPARQL in the reader's browser, by name; empty leaves that out.
    processes: how many to share the work among. leave_out: beginnings of paths that are not exported.
    """

    def __init__(
        self,
        graph: Graph,
        settings: Settings,
        base_url: str,
        engine: Mapping[str, bytes],
        processes: int = 1,
        leave_out: tuple[str, ...] = (),
    ) -> None:
        self._graph = graph
        self._language = settings.language
        self._base = base_url
        self._engine = engine
        self._processes = processes
        self._skipped = (*_ONLY_SERVED, *leave_out)
        kept = Kept(graph.repository)
        self._store = Remembering(graph.store, kept)
        self.app = create_app(settings, replace(graph, repository=kept, store=self._store))
        own = {SPARQL: self._sparql, SEARCH: self._search}
        self.app.before_request(lambda: own[request.path]() if request.path in own else None)
        self._searching = Searching(graph, settings.language)
        self.app.register_blueprint(self._searching.blueprint())
        self.app.add_url_rule(DATA, "data_exported", self._data)
        self.app.add_url_rule(NOT_FOUND, "not_found_exported", lambda: render_template("export_missing.html"))

    def write(self, folder: Path, progress: Progress, more: tuple[str, ...] = ()) -> Report:
        """Fill the folder. progress: told as in ``Crawl.run``. more: paths to begin at besides."""
        if not DUMPS.startswith(self._skipped):
            made = files_of(self.app).begin()
            if made is not None:
                made.result()  # before the walk, so that the catalogue tells of them
        seeds = [one for one in self._seeds(more) if not one.path.startswith(self._skipped)]
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="pages.") as raw:
            self._store.prepare(self._iris())
            visitor = Visitor(self.app, folder, Path(raw), self._language, self._skipped)
            crawl = Crawl(visitor, alone=ALONE)
            found = crawl.run(seeds, self._processes, progress)
            links = Links(crawl, self._base, self._language)
            _each(found.pages, partial(links.put, folder), self._processes)
            redirects(folder, found.pages, links, self._language)
        _each(found.naming, partial(links.name, folder), self._processes)
        for name, content in self._engine.items():
            path = folder / "static" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for_machines(folder, found, links)
        files = [path for path in folder.rglob("*") if path.is_file()]
        linked = ((address.url, sorted(pages - {""})) for address, pages in sorted(found.missing.items()))
        return Report(
            len(files),
            sum(path.stat().st_size for path in files),
            {url: pages for url, pages in linked if pages},
        )

    def _seeds(self, more: tuple[str, ...]) -> Iterator[Address]:
        """Where the walk begins: pages in each language, things, and what only machines look for."""
        for language in LANGUAGES:
            for path in (*_PAGES, *self._things(), *more):
                yield Address(path, "", "" if language == self._language else language)
        streams = (f"/{path}" for path in addresses(history(self._graph), ()))
        yield from self._searching.addresses(LANGUAGES)
        for path in (*_DOCUMENTS, *streams, *(_NEEDS if self._engine else ())):
            yield Address(path)

    def _things(self) -> list[str]:
        """The paths of all documents about things."""
        return ["/doc/" + url_path(iri.removeprefix(str(THINGS))) for iri in self._iris()]

    def _iris(self) -> list[str]:
        """The IRIs of all things."""
        rows = select(self._graph.store, self._graph.repository.query("pages/export-things"))
        return [value_of(row["thing"]) for row in rows]

    def _sparql(self) -> str:
        """The page on which the browser itself answers queries; or that tells how else to ask."""
        return render_template(
            "export_sparql.html",
            data=DATA if self._engine else "",
            base=BASE,
            saved=[BY_NAME[name] for name in _SAVED],
            graphs=GRAPHS,
            labels=self._graph.repository.query("pages/describe-labels"),
            nearest=" ".join(nearness(reader().language)),
            examples=self._graph.catalogue,
            section="/sparql",
            crumbs=[("", "SPARQL")],
        )

    def _search(self) -> str:
        """The page on which the browser itself looks for names."""
        return render_template("export_search.html", index=reader().link(INDEX))

    def _data(self) -> Response:
        """All named graphs, sorted, for the browser."""
        rows = select(self._graph.store, self._graph.repository.query("pages/export-quads"))
        lines = sorted(" ".join((*map(str, row.values()), ".\n")) for row in rows)
        return Response("".join(lines), content_type=BY_NAME["nq"].type)


def _each(items: Iterable[Item], work: Callable[[Item], None], processes: int) -> None:
    """Do the work for each of the items."""
    with shared(work, processes) as done:
        for _ in done(items):
            pass
