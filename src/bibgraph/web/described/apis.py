"""``/.well-known/api-catalog``: which interfaces there are for programs, and what tells of each (RFC 9727).

Addresses are paths, which RFC 9264 has looked up beside the link set: it is the same on every host.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from flask import Blueprint, Response

from bibgraph.graph import Graph
from bibgraph.web.described.catalog import CATALOGUE
from bibgraph.web.documents.signposting import LINKSET_JSON
from bibgraph.web.endpoint.service import VOID_PATH as VOID
from bibgraph.web.http.answers import Link, represent
from bibgraph.web.http.formats import HTML, RDF

PATH = "/.well-known/api-catalog"
_PROFILE = "https://www.rfc-editor.org/info/rfc9727"
_JSON = "application/json"
_OPENAPI = "/openapi.json"
_PAGES = {"/sparql": "/sparql", "/queries": "/queries", "/oai": "/dumps/"}
"""The interfaces, and the page that tells people of each."""


class ApiCatalog:
    """The list of interfaces to ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def blueprint(self) -> Blueprint:
        """Its address (RFC 8615)."""
        pages = Blueprint("apis", __name__)
        pages.add_url_rule(PATH, "apis", self.apis)
        return pages

    def apis(self) -> Response:
        """The link set, in JSON."""
        body = json.dumps({"linkset": list(_contexts())}, indent=2) + "\n"
        response = represent(body, LINKSET_JSON, version=self.graph.version, varies=False)
        response.content_type = f'{LINKSET_JSON}; profile="{_PROFILE}"'
        response.headers.add("Link", str(Link(PATH, "api-catalog", LINKSET_JSON)))
        return response


def _contexts() -> Iterator[Mapping[str, object]]:
    yield {"anchor": PATH, "item": [{"href": path} for path in _PAGES]}
    for path, page in _PAGES.items():
        described = [{"href": _OPENAPI, "type": _JSON}]
        if path == "/sparql":
            described.append({"href": path, "type": RDF[0]})
        yield {
            "anchor": path,
            "service-desc": described,
            "service-doc": [{"href": page, "type": HTML}],
            "service-meta": [{"href": VOID, "type": RDF[0]}, {"href": CATALOGUE, "type": RDF[0]}],
            "status": [{"href": "/health", "type": _JSON}],
        }
