"""Link sets (RFC 9264): all links of a page in one document, FAIR Signposting level 2.

Targets on this site are paths, as in headers: they are looked up beside the link set, on whatever host.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, request

from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.web.described.catalog import Catalog
from bibgraph.web.documents.graphs import Graphs
from bibgraph.web.documents.signposting import ENDINGS, LINKSET, LINKSET_JSON, Signs, linkset_path
from bibgraph.web.documents.things import Things
from bibgraph.web.http.answers import Alternate, Link, represent
from bibgraph.web.http.formats import HTML, pick
from bibgraph.web.vocabulary.ontology import Vocabulary
from bibgraph.web.vocabulary.shapes import Shapes

Pairs = list[tuple[str, Link]]


class Linksets:
    """The link sets of pages. ``signs``: by the path of a page, its links; None where there is no page."""

    def __init__(self, graph: Graph, signs: Callable[[str], Signs | None]) -> None:
        self.graph = graph
        self._signs = signs

    def blueprint(self) -> Blueprint:
        """The addresses of link sets: that of the page, after ``/linkset``."""
        pages = Blueprint("linksets", __name__)
        pages.add_url_rule("/linkset/<path:page>", "linkset", self.linkset)
        return pages

    def linkset(self, page: str) -> Response:
        """The link set of a page, in the format that its ending names or that is wanted."""
        stem, dot, ending = page.rpartition(".")
        fixed = bool(dot) and ending in ENDINGS
        path = f"/{stem if fixed else page}"
        named = ending if fixed else request.args.get("format", "")
        type_ = ENDINGS.get(named) or pick(named, request.headers.get("Accept", ""), (LINKSET_JSON, LINKSET))
        signs = self._signs(path)
        if signs is None:
            raise NotFound(message("There is no page at {path} that links could lead from.", path=path))
        pairs = list(_pairs(signs))
        body = _json(pairs) if type_ == LINKSET_JSON else _text(pairs)
        response = represent(body, type_, version=self.graph.version, varies=not fixed)
        for other, media in ENDINGS.items():
            link = Link(f"{linkset_path(signs.path)}.{other}", "alternate", media)
            response.headers.add("Link", str(link))
        return response


def linksets(graph: Graph) -> Linksets:
    """The link sets of things, collections, named graphs, the catalogue, the ontology and the shapes."""
    parts = (Things(graph), Graphs(graph), Catalog(graph), Vocabulary(graph), Shapes(graph))
    signs = [part.signs for part in parts]
    return Linksets(graph, lambda path: next((found for of in signs if (found := of(path))), None))


def _pairs(signs: Signs) -> Iterator[tuple[str, Link]]:
    """The links of the page, and those that lead back to it from its formats and from what is in it."""
    for link in signs.links():
        yield signs.path, link
    for form in signs.forms:
        yield form.path, _back(form, signs)
    for item in signs.items:
        yield item, Link(signs.path, "collection", HTML)


def _back(form: Alternate, signs: Signs) -> Link:
    return Link(signs.path, "describes", HTML) if form.type != HTML else Link(signs.iri, "cite-as")


def _json(pairs: Pairs) -> str:
    contexts: dict[str, dict[str, list[dict[str, object]]]] = defaultdict(lambda: defaultdict(list))
    for anchor, link in pairs:
        target: dict[str, object] = {"href": link.target}
        if link.type:
            target["type"] = link.type
        if link.language:
            target["hreflang"] = [link.language]
        contexts[anchor][link.rel].append(target)
    linkset = [{"anchor": anchor, **relations} for anchor, relations in contexts.items()]
    return json.dumps({"linkset": linkset}, ensure_ascii=False, indent=2) + "\n"


def _text(pairs: Pairs) -> str:
    return ",\n".join(f'{link}; anchor="{anchor}"' for anchor, link in pairs) + "\n"
