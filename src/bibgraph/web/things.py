"""Dereferencing: a thing's IRI leads by 303 to the document about it, in the format asked for."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from bibgraph.describe import Collection, Describer, Description, Statement, by_property, reading
from bibgraph.graph import Graph
from bibgraph.namespaces import BASE
from bibgraph.web.answers import Alternate, alternates, represent
from bibgraph.web.decoding import iri_path, nothing_of, own_iri, url_path
from bibgraph.web.display import path_of
from bibgraph.web.formats import HTML, RDF, wanted
from bibgraph.web.reader import reader
from bibgraph.web.serialising import serialise


class Things:
    """The pages and documents of ``graph``'s things."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The addresses of things and of documents about them."""
        pages = Blueprint("things", __name__)
        for rule in ("/id", "/id/", "/id/<path:key>"):
            pages.add_url_rule(rule, "thing", self.thing)
        for rule in ("/doc", "/doc/", "/doc/<path:key>"):
            pages.add_url_rule(rule, "document", self.document)
        return pages

    def thing(self, key: str = "") -> Response:
        """303 to the document about the thing: the thing itself cannot be sent (httpRange-14)."""
        tail = iri_path(key.rstrip("/"))
        if not self.describer.exists(_iri(tail)):
            raise nothing_of(_iri(tail))
        path = reader().link(f"/doc/{url_path(tail)}".rstrip("/"))
        response = Response(f"{path}\n", 303, {"Location": path}, content_type="text/plain; charset=utf-8")
        response.vary.update(["Accept", "Accept-Language"])
        return response

    def document(self, key: str = "") -> Response:
        """The document about the thing, or the list that a collection is."""
        want = wanted(iri_path(key.rstrip("/")))
        iri = _iri(want.key)
        found = [part for part in (self.describer.describe(iri), self.describer.collection(iri)) if part]
        if not found:
            raise nothing_of(iri)
        links = alternates(f"/doc/{url_path(want.key)}", RDF) if want.key else []
        body: str | bytes
        if want.type == HTML:
            body = _page(found, links)
        else:
            body = serialise((quad for part in found for quad in part.quads()), want.type, first=iri)
        return represent(body, want.type, version=self.graph.version, links=links, varies=not want.fixed)


def _iri(tail: str) -> str:
    """The IRI of the thing at this path; of all things for an empty one. Raises NotFound."""
    return own_iri(f"id/{tail}" if tail else "id")


def _page(found: Sequence[Description | Collection], links: Sequence[Alternate]) -> str:
    """The page about a thing, or about what is in a collection, or both."""
    first, last = found[0], found[-1]
    if isinstance(first, Collection):
        return _list(first, links)
    return _thing(first, last if isinstance(last, Collection) else None, links)


def _thing(description: Description, collection: Collection | None, links: Sequence[Alternate]) -> str:
    language, traits = reader().language, description.traits
    title = description.names.of(description.thing, language)
    said = reading(description.statements, traits, language)
    lead = next((group for group in said if traits.has(group[0], "lead")), ("", []))
    apart = ("name", "kind", "evidence", "number")
    return render_template(
        "thing.html",
        description=description,
        names=description.names,
        title=title,
        number=next(
            (s.value.value for s in description.having("number") if isinstance(s.value, ox.Literal)), ""
        ),
        lead=lead[1],
        body=[
            group for group in said if group[0] != lead[0] and not any(traits.has(group[0], r) for r in apart)
        ],
        inferred=by_property(description.inferred, traits),
        details=lambda part: _details(description, part),
        collection=collection,
        alternates=links,
        crumbs=_crumbs(description.thing, title.text),
        section="/id",
    )


def _details(description: Description, part: ox.NamedNode) -> list[tuple[str, list[Statement]]]:
    """What a thing that points here says, but for what the page shows apart, and that it points here."""
    said = reading(description.parts.get(part.value, ()), description.traits, reader().language)
    apart = ("name", "kind", "evidence")
    return [
        (property_, others)
        for property_, statements in said
        if not any(description.traits.has(property_, role) for role in apart)
        and (others := [s for s in statements if s.value != ox.NamedNode(description.thing)])
    ]


def _list(collection: Collection, links: Sequence[Alternate]) -> str:
    tail = collection.iri.removeprefix(f"{BASE}id").strip("/")
    title = collection.names.of(collection.kind, reader().language).text if tail and collection.kind else ""
    return render_template(
        "collection.html",
        collection=collection,
        names=collection.names,
        title=title,
        tail=tail,
        alternates=links,
        crumbs=_crumbs(collection.iri, tail.rpartition("/")[2]) if tail else [],
        section="/id",
    )


def _crumbs(iri: str, title: str) -> list[tuple[str, str]]:
    """The collections that the thing's IRI lies in, and itself."""
    pieces = iri.removeprefix(f"{BASE}id/").split("/")
    outer = ["/".join(pieces[:number]) for number in range(1, len(pieces))]
    return [*((path_of(f"{BASE}id/{tail}"), tail.rpartition("/")[2]) for tail in outer), ("", title)]
