"""``/.well-known/void``: the data set in the Vocabulary of Interlinked Datasets (W3C note, 3 March 2011)."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from flask import Blueprint, Response
from rdflib import DCTERMS, RDF, VOID

from bibgraph.describe import Row, Term, select, value_of
from bibgraph.graph import Graph
from bibgraph.namespaces import BASE, ONTOLOGY, THINGS
from bibgraph.web.answers import represent
from bibgraph.web.formats import RDF as FORMATS
from bibgraph.web.formats import wanted
from bibgraph.web.serialising import serialise
from bibgraph.web.service import SERVICE

PATH = "/.well-known/void"
DATASET = BASE.rstrip("/")


class Void:
    """The description of ``graph`` as a data set."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def blueprint(self) -> Blueprint:
        """The address of the description (RFC 8615)."""
        pages = Blueprint("void", __name__)
        pages.add_url_rule(PATH, "void", self.void)
        return pages

    def void(self) -> Response:
        """The description, in the format asked for."""
        want = wanted("void", FORMATS)
        body = serialise(self._quads(), want.type, first=DATASET, prefixes={"void": str(VOID)})
        return represent(body, want.type, version=self.graph.version)

    def _quads(self) -> Iterator[ox.Quad]:
        yield _quad(DATASET, RDF.type, ox.NamedNode(str(VOID.Dataset)))
        yield _quad(DATASET, DCTERMS.identifier, ox.Literal(self.graph.version))
        yield _quad(DATASET, VOID.sparqlEndpoint, ox.NamedNode(SERVICE))
        yield _quad(DATASET, VOID.uriSpace, ox.Literal(str(THINGS)))
        yield _quad(DATASET, VOID.vocabulary, ox.NamedNode(str(ONTOLOGY)))
        for row in self._rows("pages/page-health"):
            yield _quad(DATASET, VOID.triples, _number(row["triples"]))
        for row in self._rows("pages/page-graphs"):
            part = value_of(row["graph"])
            yield _quad(DATASET, VOID.subset, ox.NamedNode(part))
            yield _quad(part, RDF.type, ox.NamedNode(str(VOID.Dataset)))
            yield _quad(part, VOID.triples, _number(row["triples"]))

    def _rows(self, query: str) -> Iterator[Row]:
        return select(self.graph.store, self.graph.repository.query(query))


def _number(term: Term | None) -> ox.Literal:
    return ox.Literal(int(value_of(term)))


def _quad(subject: str, property_: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(str(property_)), value)
