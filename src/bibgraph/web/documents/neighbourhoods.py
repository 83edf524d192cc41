"""``/neighbourhood/…``: a thing and what stands next to it, as nested lists, and as data for a picture."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template

from bibgraph.describe import Describer
from bibgraph.graph import Graph
from bibgraph.media import Media
from bibgraph.messages import message
from bibgraph.namespaces import THINGS
from bibgraph.web.documents.neighbours import Bond, Neighbourhood, neighbourhood
from bibgraph.web.http.answers import Alternate, represent
from bibgraph.web.http.decoding import iri_path, nothing_of, own_iri, url_path
from bibgraph.web.http.formats import HTML, choose
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.assets import scripted
from bibgraph.web.parts.display import canonical, href

PLACE = "/neighbourhood/"
JSON = Media("json", "application/json")


class Neighbourhoods:
    """The neighbourhoods of ``graph``'s things."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The addresses of the neighbourhoods."""
        pages = Blueprint("neighbourhoods", __name__)
        pages.add_url_rule(f"{PLACE}<path:key>", "neighbourhood", self.neighbourhood)
        return pages

    def neighbourhood(self, key: str) -> Response:
        """The page about a thing's neighbourhood, or the data of its picture."""
        stem = iri_path(key).removesuffix(JSON.suffix)
        named = stem != iri_path(key)
        media_type = JSON.type if named else choose("", (HTML, JSON.type))
        found = neighbourhood(self.describer, own_iri(f"id/{stem}"))
        if found is None:
            raise nothing_of(own_iri(f"id/{stem}"))
        links = [Alternate(JSON, reader().link(f"{PLACE}{url_path(stem)}{JSON.suffix}"))]
        body = _page(found, links) if media_type == HTML else json.dumps(told(found), ensure_ascii=False)
        version = self.graph.version
        return scripted(
            represent(body, media_type, version=version, links=links, varies=not named, localised=True)
        )


def _page(found: Neighbourhood, links: list[Alternate]) -> str:
    title = found.names.of(found.thing, reader().language)
    return render_template(
        "neighbourhood.html",
        found=found,
        names=found.names,
        title=title,
        alternates=links,
        around=around,
        section="/id",
        crumbs=[
            (canonical(found.thing), title),
            ("", message("Neighbourhood").text(reader().language)),
        ],
    )


def around(iri: str) -> str:
    """The path of a thing's neighbourhood; empty for what is no thing of ours."""
    things = str(THINGS)
    return f"{PLACE}{url_path(iri.removeprefix(things))}" if iri.startswith(things) else ""


def told(found: Neighbourhood) -> dict[str, object]:
    """The neighbourhood in plain JSON, in the reader's language."""
    return {
        "thing": found.thing,
        "things": [_thing(found, iri) for iri in sorted(found.things)],
        "bonds": [_bond(found, bond) for bond in found.bonds],
    }


def _thing(found: Neighbourhood, iri: str) -> dict[str, str]:
    name = found.names.of(iri, reader().language)
    kind = found.kinds.get(iri, "")
    said = {
        "iri": iri,
        "name": name.text,
        "language": name.language,
        "kind": found.names.of(kind, reader().language).text if kind else "",
        "page": href(iri),
        "around": reader().link(f"{around(iri)}{JSON.suffix}") if around(iri) else "",
    }
    return {key: value for key, value in said.items() if value}


def _bond(found: Neighbourhood, bond: Bond) -> dict[str, object]:
    return {
        "property": found.names.of(bond.property, reader().language).text,
        "inward": bond.inward,
        "things": bond.things,
        "more": bond.more,
    }
