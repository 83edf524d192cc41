"""``/dumps/``: the whole graph as files, made once per version and kept on disk."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from bibgraph import __version__
from bibgraph.describe import Describer, collect, select, value_of
from bibgraph.errors import NotFound, Unavailable
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.namespaces import INFERRED
from bibgraph.publish import dumps, stratml
from bibgraph.web.documents.publication import Publication
from bibgraph.web.http.addresses import moved
from bibgraph.web.http.answers import Document, represent
from bibgraph.web.http.formats import HTML, pick
from bibgraph.web.http.reader import reader

PATH = "/dumps"
_ELSEWHERE = "remote:"
_KEPT = 3
_FOLLOWS = ox.NamedNode(str(INFERRED))
_TYPES = {
    **{media.suffix: media.content_type for media in BY_NAME.values()},
    ".gz": "application/gzip",
    ".xml": "application/xml",
    "": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class DumpFile:
    """A file of the dumps: its name, size in bytes, SHA-256 in hex, and media type."""

    name: str
    size: int
    sha256: str
    type: str

    @property
    def path(self) -> str:
        """Its path on this site."""
        return f"{PATH}/{self.name}"


class Dumps:
    """The dumps of ``graph``. cache: where they are kept; without, in a folder that goes with the process."""

    def __init__(self, graph: Graph, cache: Path | None) -> None:
        self.graph = graph
        self.publication = Publication(graph)
        self._cache = cache
        self._making = Lock()
        self._fleeting: Path | None = None

    def blueprint(self) -> Blueprint:
        """The addresses of the list of files and of each of them."""
        pages = Blueprint("dumps", __name__)
        for rule in (PATH, f"{PATH}/"):
            pages.add_url_rule(rule, "all", self.all)
        pages.add_url_rule(f"{PATH}/<path:name>", "one", self.one)
        return pages

    def all(self) -> Response:
        """The list of the files."""
        pick(request.args.get("format", ""), request.headers.get("Accept", ""), (HTML,))
        body = render_template(
            "dumps.html",
            files=self.files(),
            version=self.graph.version,
            crumbs=[("", message("Download").text(reader().language))],
        )
        modified = self.publication.colophon()
        document = Document(PATH, tuple(modified.links()), modified.modified)
        return represent(body, HTML, version=self.graph.version, document=document)

    def one(self, name: str) -> Response:
        """A file, or the ranges of it that are asked for (RFC 9110, section 14)."""
        if name.endswith("/") and name.strip("/"):
            return moved(f"{PATH}/{name.rstrip('/')}")
        file = next((file for file in self.files() if file.name == name), None)
        if file is None:
            raise NotFound(
                message("There is no file {name} here.", name=name),
                hint=message("See what there is at /dumps/."),
            )
        response = Response((self._folder() / name).read_bytes(), content_type=file.type)
        response.set_etag(file.sha256[:32])
        response.cache_control.no_cache = True
        colophon = self.publication.colophon()
        for link in colophon.links():
            response.headers.add("Link", str(link))
        response.headers.add("Link", f'<{PATH}/>; rel="collection"; type="{HTML}"')
        response.headers.add("Link", f'<{colophon.dataset}>; rel="cite-as"')
        if colophon.modified:
            response.headers["Last-Modified"] = colophon.modified
        response.make_conditional(request, accept_ranges=True, complete_length=file.size)
        return response

    def files(self) -> list[DumpFile]:
        """The files that there are, the sums last. Raises NotFound where the graph is kept elsewhere."""
        folder = self._folder()
        sums = (folder / dumps.SUMS).read_bytes()
        told = [line.split("  ", 1) for line in sums.decode().splitlines()]
        found = [_file(folder, name, sha256) for sha256, name in told]
        return [*found, _file(folder, dumps.SUMS, hashlib.sha256(sums).hexdigest())]

    def _folder(self) -> Path:
        """The folder with the files of this version, which are made if need be."""
        version = self.graph.version
        if version.startswith(_ELSEWHERE):
            raise NotFound(message("The graph is kept by another service, and this one has no dumps of it."))
        folder = self._home() / f"dumps-{__version__}-{version[:32]}"
        if not (folder / dumps.SUMS).is_file():
            self._make(folder)
        return folder

    def _make(self, folder: Path) -> None:
        """Make the files. Who asks meanwhile is asked to come again: waiting would hold up other pages."""
        if not self._making.acquire(blocking=False):
            raise Unavailable(
                message("The files are being made just now."), hint=message("Try again in a moment.")
            )
        try:
            if not (folder / dumps.SUMS).is_file():
                quads = list(self._quads())
                inferred = [quad for quad in quads if quad.graph_name == _FOLLOWS]
                stated = [quad for quad in quads if quad.graph_name != _FOLLOWS]
                more = stratml.documents(self.graph.store, self.graph.repository)
                dumps.write(dumps.dump(stated, inferred, more), folder)
                _forget_old(folder)
        finally:
            self._making.release()

    def _home(self) -> Path:
        if self._cache is not None:
            return self._cache
        if self._fleeting is None:
            self._fleeting = Path(tempfile.mkdtemp(prefix="bibgraph-dumps-"))
            weakref.finalize(self, shutil.rmtree, self._fleeting, ignore_errors=True)
        return self._fleeting

    def _quads(self) -> Iterator[ox.Quad]:
        """All that the store holds, a graph at a time, as no answer may be very large."""
        describer = Describer(self.graph.store, self.graph.repository)
        graphs = select(self.graph.store, self.graph.repository.query("pages/page-graphs"))
        for iri in [value_of(row["graph"]) for row in graphs]:
            for statement in collect(describer.about("pages/page-graph", "graph", [iri])):
                yield from statement.quads()


def _file(folder: Path, name: str, sha256: str) -> DumpFile:
    return DumpFile(name, (folder / name).stat().st_size, sha256, _TYPES.get(Path(name).suffix, _TYPES[""]))


def _forget_old(folder: Path) -> None:
    """Remove the folders of old versions but the last few."""
    others = sorted(folder.parent.glob("dumps-*"), key=lambda other: other.stat().st_mtime)
    for old in others[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
