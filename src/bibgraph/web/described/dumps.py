"""``/dumps/``: the whole graph as files, made once per version and kept on disk."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.web.described.files import PATH, DumpFile, Files
from bibgraph.web.documents.publication import Publication
from bibgraph.web.http.addresses import moved
from bibgraph.web.http.answers import Document, represent
from bibgraph.web.http.formats import HTML, pick
from bibgraph.web.http.reader import reader


class Dumps:
    """The pages of the ``files`` of ``graph``."""

    def __init__(self, graph: Graph, files: Files) -> None:
        self.graph = graph
        self.files = files
        self.publication = Publication(graph)

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
            files=self.files.get(),
            version=self.graph.version,
            crumbs=[("", message("Download").text(reader().language))],
        )
        modified = self.publication.colophon()
        document = Document(PATH, tuple(modified.links()), modified.modified)
        return represent(body, HTML, version=self.graph.version, document=document)

    def one(self, name: str) -> Response:
        """A file, of which the server sends a part where one is asked for."""
        if name.endswith("/") and name.strip("/"):
            return moved(f"{PATH}/{name.rstrip('/')}")
        file = next((file for file in self.files.get() if file.name == name), None)
        if file is None:
            raise NotFound(
                message("There is no file {name} here.", name=name),
                hint=message("See what there is at /dumps/."),
            )
        return self._send(file)

    def _send(self, file: DumpFile) -> Response:
        content = (self.files.folder() / file.name).read_bytes()
        response = Response(content, content_type=file.type)
        response.set_etag(file.sha256[:32])
        response.cache_control.no_cache = True
        colophon = self.publication.colophon()
        for link in colophon.links():
            response.headers.add("Link", str(link))
        response.headers.add("Link", f'<{PATH}/>; rel="collection"; type="{HTML}"')
        response.headers.add("Link", f'<{colophon.dataset}>; rel="cite-as"')
        if colophon.modified:
            response.headers["Last-Modified"] = colophon.modified
        response.headers["Accept-Ranges"] = "bytes"
        return response
