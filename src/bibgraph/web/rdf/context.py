"""``/context.jsonld``: the JSON-LD context in full, for those who read or write documents by its names."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.web.documents.publication import Publication
from bibgraph.web.http.answers import represent

PATH = "/context.jsonld"


class ContextFile:
    """The context of ``graph``'s documents."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.publication = Publication(graph)

    def blueprint(self) -> Blueprint:
        """The address of the context."""
        pages = Blueprint("context", __name__)
        pages.add_url_rule(PATH, "context", self.context)
        return pages

    def context(self) -> Response:
        """The context as a JSON-LD document."""
        text = json.dumps({"@context": self.publication.context.full}, ensure_ascii=False, indent=2)
        return represent(f"{text}\n", BY_NAME["jsonld"].type, version=self.graph.version, varies=False)
