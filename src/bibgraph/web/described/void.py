"""``/.well-known/void``: the data set in the Vocabulary of Interlinked Datasets (W3C note, 3 March 2011)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from flask import Blueprint, Response
from rdflib import DCTERMS, FOAF, RDF, VOID

from bibgraph.describe import Row, select, value_of
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import BASE, ONTOLOGY, THINGS, fragment, shorten
from bibgraph.web.documents.publication import Publication
from bibgraph.web.endpoint.service import VOID_PATH, Service
from bibgraph.web.http.addresses import site
from bibgraph.web.http.answers import Document, alternates, represent
from bibgraph.web.http.formats import RDF as FORMATS
from bibgraph.web.http.formats import wanted
from bibgraph.web.rdf.serialising import serialise

_OURS = "entities"
"""What is counted by how its IRIs begin, which is known of the project's own."""
_COUNTS = {
    "triples": VOID.triples,
    "entities": VOID.entities,
    "subjects": VOID.distinctSubjects,
    "properties": VOID.properties,
    "objects": VOID.distinctObjects,
    "classes": VOID.classes,
}


class Void:
    """The description of ``graph`` as a data set."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.publication = Publication(graph)

    def blueprint(self) -> Blueprint:
        """The address of the description (RFC 8615)."""
        pages = Blueprint("void", __name__)
        pages.add_url_rule(VOID_PATH, "void", self.void)
        pages.add_url_rule(f"{VOID_PATH}.<ending>", "document", self.void)
        return pages

    def void(self, ending: str = "") -> Response:
        """The description, in the format asked for."""
        want = wanted(f"void.{ending}" if ending else "void", FORMATS)
        if want.key != "void":
            raise NotFound(message("There is no format named {name} here.", name=ending))
        media_type = want.type  # before all is counted
        colophon = self.publication.colophon()
        service = Service.of(colophon.dataset, site())
        dataset = colophon.dataset or f"{service.void}#dataset"
        said = [one.quad for one in self.publication.describer.statements([dataset]) if not one.inferred]
        body = serialise(
            [*said, *self._quads(dataset, service)],
            media_type,
            first=dataset,
            prefixes={"void": str(VOID)},
            context=self.publication.context,
        )
        return represent(
            body,
            media_type,
            version=self.graph.version,
            links=alternates(VOID_PATH, FORMATS),
            varies=not want.fixed,
            document=Document(VOID_PATH, tuple(colophon.links()), colophon.modified, page_in_html=False),
        )

    def _quads(self, dataset: str, service: Service) -> Iterator[ox.Quad]:
        yield _link(dataset, RDF.type, str(VOID.Dataset))
        yield _link(service.void, RDF.type, str(VOID.DatasetDescription))
        yield _link(service.void, FOAF.primaryTopic, dataset)
        yield ox.Quad(
            ox.NamedNode(dataset), ox.NamedNode(str(DCTERMS.identifier)), ox.Literal(self.graph.version)
        )
        for endpoint in service.endpoints:
            yield _link(dataset, VOID.sparqlEndpoint, endpoint)
        if dataset.startswith(BASE):
            yield ox.Quad(ox.NamedNode(dataset), ox.NamedNode(str(VOID.uriSpace)), ox.Literal(str(THINGS)))
            yield _link(dataset, VOID.vocabulary, str(ONTOLOGY))
        for row in self._rows("void-counts"):
            for name, property_ in _COUNTS.items():
                if name != _OURS or dataset.startswith(BASE):
                    yield _count(dataset, property_, row, name)
        for row in self._rows("void-dumps"):
            yield _link(dataset, VOID.dataDump, value_of(row["file"]))
        yield from self._graphs(dataset)
        classes = ("class", VOID.classPartition, "entities", VOID.entities)
        properties = ("property", VOID.propertyPartition, "triples", VOID.triples)
        yield from _parts(dataset, service, self._rows("void-classes"), classes)
        yield from _parts(dataset, service, self._rows("void-properties"), properties)
        yield from self._links(dataset, service)

    def _graphs(self, dataset: str) -> Iterator[ox.Quad]:
        for row in self._rows("page-graphs"):
            part = value_of(row["graph"])
            yield _link(dataset, VOID.subset, part)
            yield _link(part, RDF.type, str(VOID.Dataset))
            yield _count(part, VOID.triples, row, "triples")

    def _links(self, dataset: str, service: Service) -> Iterator[ox.Quad]:
        """Sets of links by one property to one site."""
        for row in self._rows("void-links"):
            property_, host = value_of(row["property"]), value_of(row["site"])
            linkset, target = (
                f"{service.void}#links/{fragment(shorten(property_))}/{_short(host)}",
                f"{service.void}#site/{_short(host)}",
            )
            yield _link(dataset, VOID.subset, linkset)
            yield _link(linkset, RDF.type, str(VOID.Linkset))
            yield _link(linkset, VOID.linkPredicate, property_)
            yield _link(linkset, VOID.subjectsTarget, dataset)
            yield _link(linkset, VOID.objectsTarget, target)
            yield _count(linkset, VOID.triples, row, "triples")
            yield _link(target, RDF.type, str(VOID.Dataset))
            yield ox.Quad(ox.NamedNode(target), ox.NamedNode(str(VOID.uriSpace)), ox.Literal(host))

    def _rows(self, query: str) -> Iterator[Row]:
        return select(self.graph.store, self.graph.repository.query(f"pages/{query}"))


def _parts(
    dataset: str, service: Service, rows: Iterable[Row], names: tuple[str, str, str, str]
) -> Iterator[ox.Quad]:
    """The parts of the data set by class or property, and how much is in each."""
    by, partition, counted, count = names
    for row in rows:
        one = value_of(row[by])
        part = f"{service.void}#{by}/{fragment(shorten(one))}"
        yield _link(dataset, partition, part)
        yield _link(part, str(VOID[by]), one)
        yield _count(part, count, row, counted)


def _short(site: str) -> str:
    """The site in an IRI of ours, http and https told apart."""
    return fragment(site.replace("://", "/").rstrip("/"))


def _count(subject: str, property_: str, row: Row, name: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(str(property_)), ox.Literal(int(value_of(row[name]))))


def _link(subject: str, property_: str, value: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(str(property_)), ox.NamedNode(value))
