"""Dereferencing: a thing's IRI leads by 303 to the document about it, in the format asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TypeAlias

import pyoxigraph as ox
from flask import Blueprint, Response, request

from bibgraph.describe import Collection, Describer, Description
from bibgraph.describe.statements import KeepsRows
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.web.documents.mementos import Mementos
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import Signs, signs_of
from bibgraph.web.documents.thing_pages import ThingPages
from bibgraph.web.http.addresses import gone, moved, page_asked, refuse_format, right_form
from bibgraph.web.http.answers import Alternate, Document, alternates, represent
from bibgraph.web.http.decoding import iri_path, nothing_of, own_iri, url_path
from bibgraph.web.http.formats import HTML, RDF, Wanted, wanted
from bibgraph.web.parts.display import canonical
from bibgraph.web.rdf.serialising import serialise

Found: TypeAlias = "list[Description | Collection]"

_SEE_OTHER = 303
_KEPT = 4
_WITH_GRAPHS = BY_NAME["trig"].type


class Things:
    """The pages and documents of ``graph``'s things."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)
        self.publication = Publication(graph)
        self.pages = ThingPages(graph, self.describer)
        self.mementos = Mementos(graph)
        self._kept = lru_cache(maxsize=_KEPT)(partial(_found, self.describer))

    def blueprint(self) -> Blueprint:
        """The addresses of things and of documents about them."""
        pages = Blueprint("things", __name__)
        for rule in ("/id", "/id/", "/id/<path:key>"):
            pages.add_url_rule(rule, "thing", self.thing)
        for rule in ("/doc", "/doc/", "/doc/<path:key>"):
            pages.add_url_rule(rule, "document", self.document)
        pages.add_url_rule("/doc.<ending>", "list", self.all)
        return pages

    def thing(self, key: str = "") -> Response:
        """303 to the document about the thing: the thing itself cannot be sent (httpRange-14)."""
        want = wanted(iri_path(key))
        self._refuse_gone(own_iri(f"id/{want.key}"))
        if not want.key or self._is(want.key):
            return moved(f"/doc/{iri_path(key)}".rstrip("/"), _SEE_OTHER)
        return self._elsewhere("id", iri_path(key))

    def all(self, ending: str) -> Response:
        """The list of all things, in the format that the address names."""
        want = wanted(f"doc.{ending}")
        if want.key != "doc":
            raise nothing_of(own_iri(f"id.{iri_path(ending)}"))
        return self._document(replace(want, key=""), "")

    def document(self, key: str = "") -> Response:
        """The document about the thing, or the list that a collection is."""
        if request.path == "/doc/":
            return moved("/doc")
        tail = iri_path(key)
        return self._document(wanted(tail), tail)

    def _document(self, want: Wanted, tail: str) -> Response:
        page, iri = page_asked(), own_iri(f"id/{want.key}" if want.key else "id")
        memento = self.mementos.asked(iri)
        if memento is None:
            self._refuse_gone(iri)
        describer = memento.describer if memento else self.describer
        refuse_format(want, lambda: describer.exists(iri))
        found = _found(describer, iri, page) if memento else self._of(iri, page)
        if not found:
            return self._elsewhere("doc", tail)
        links = alternates(f"/doc/{url_path(want.key)}".rstrip("/"), RDF)
        if want.type == HTML:
            pages = ThingPages(self.graph, describer) if memento else self.pages
            body: str | bytes = pages.render(found, links)
        else:
            said = _said(found, describer, with_graphs=want.type == _WITH_GRAPHS)
            body = serialise(said, want.type, first=iri, context=self.publication.context)
        response = represent(
            body,
            want.type,
            version=memento.version if memento else self.graph.version,
            links=links,
            varies=not want.fixed,
            document=self._told(iri, found, links, page),
        )
        return self.mementos.decorate(response, iri, memento)

    def _of(self, iri: str, page: int) -> Found:
        """What is said of the thing, and what is in the collection, at present.

        It is kept for a while where nothing can change: one asks for all formats of a thing in turn.
        """
        if isinstance(self.graph.store, KeepsRows):
            return self._kept(iri, page)
        return _found(self.describer, iri, page)

    def _told(self, iri: str, found: Found, links: list[Alternate], page: int) -> Document:
        """What the headers say of the document."""
        path = canonical(iri) or "/doc"
        colophon = self.publication.colophon()
        signs = tuple(signs_of(path, iri, found, links, colophon).header())
        return Document(path, signs, colophon.modified, page, any(part.cut for part in found))

    def signs(self, path: str) -> Signs | None:
        """The links of the page at this path; None if there is none."""
        place, _, tail = path.removeprefix("/").partition("/")
        iri = own_iri(f"id/{iri_path(tail)}" if tail else "id")
        found = self._of(iri, 1) if place == "doc" else []
        here = f"/doc/{url_path(iri_path(tail))}".rstrip("/")
        return (
            signs_of(here, iri, found, alternates(here, RDF), self.publication.colophon()) if found else None
        )

    def _is(self, key: str) -> bool:
        """Whether there is such a thing or collection, for a key that may have the ending of a format."""
        return self.describer.exists(own_iri(f"id/{wanted(key).key}"))

    def _refuse_gone(self, iri: str) -> None:
        """Raise Gone for what was taken out, even where others still name it."""
        removal = self.publication.log.gone().get(iri)
        if removal and not self.describer.statements([iri]) and not self.describer.collection(iri):
            raise gone(iri, removal)

    def _elsewhere(self, place: str, tail: str) -> Response:
        """301 to the right form of the address. Raises Gone or NotFound if there is none."""
        key = right_form(tail, self._is)
        if key and key != tail:
            return moved(f"/{place}/{key}")
        iri = own_iri(f"id/{wanted(tail).key}")
        removal = self.publication.log.gone().get(iri)
        raise gone(iri, removal) if removal else nothing_of(iri)


def _found(describer: Describer, iri: str, page: int) -> Found:
    """What is said of the thing, and what is in the collection, of this IRI."""
    parts = (describer.describe(iri, page), describer.collection(iri, page))
    return [part for part in parts if part]


def _said(found: Found, describer: Describer, *, with_graphs: bool) -> list[ox.Quad]:
    """All of it; with the named graphs that state it, and where these come from, if they are wanted."""
    said = [statement for part in found for statement in part.told()]
    if not with_graphs:
        return [statement.quad for statement in said]
    said = describer.placed(said)
    said += describer.origins({graph for statement in said for graph in statement.graphs})
    return [quad for statement in said for quad in statement.quads()]
