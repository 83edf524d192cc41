"""The Service Description of ``/sparql`` (SPARQL 1.1 Service Description): what it can and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, RDFS, SDO, VOID, Namespace

from bibgraph.describe import select, value_of
from bibgraph.graph import Graph
from bibgraph.limits import Limits
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import BASE, GRAPHS, fragment
from bibgraph.web.endpoint.extensions import functions, languages

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
PREFIXES = {"sd": str(SD), "formats": str(FORMATS)}
_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
    "TriG",
    "N-Quads",
)
PATH = "/sparql"
VOID_PATH = "/.well-known/void"


@dataclass(frozen=True)
class Service:
    """The service as data name it. iri: its own. endpoints: where it can be asked."""

    iri: str
    endpoints: tuple[str, ...]

    @property
    def void(self) -> str:
        """The description of what it is asked for."""
        return self.iri.removesuffix(PATH) + VOID_PATH

    @classmethod
    def of(cls, dataset: str, site: str) -> Service:
        """Over a data set, asked at ``site``. Over the project's it has one IRI on whatever host."""
        here = f"{site}{PATH[1:]}"
        project = f"{BASE}{PATH[1:]}"
        return cls(project, (project, here)) if dataset.startswith(BASE) else cls(here, (here,))

    def part(self, name: str) -> str:
        """The IRI of what the description says more of."""
        return f"{self.iri}#{name}"


def service_description(graph: Graph, limits: Limits, service: Service) -> Iterator[ox.Quad]:
    """The description as triples, with the limits."""
    own, dataset, default = service.iri, service.part("dataset"), service.part("default-graph")
    union = message(
        "The default graph is the union of all named graphs; each named graph is what one source states."
    )
    yield _quad(own, RDF.type, SD.Service)
    for endpoint in service.endpoints:
        yield _quad(own, SD.endpoint, endpoint)
    yield _quad(own, SD.supportedLanguage, SD.SPARQL11Query)
    yield _quad(own, SD.feature, SD.UnionDefaultGraph)
    yield from _extensions(graph, service)
    for name in _FORMATS:
        yield _quad(own, SD.resultFormat, FORMATS[name])
    for language in LANGUAGES:
        yield _literal(own, RDFS.comment, ox.Literal(union.text(language), language=language))
    yield _quad(own, RDFS.seeAlso, service.void)
    yield _quad(own, SD.defaultDataset, dataset)
    yield _quad(dataset, RDF.type, SD.Dataset)
    yield _literal(dataset, DCTERMS.identifier, ox.Literal(graph.version))
    yield _quad(dataset, SD.defaultGraph, default)
    yield _quad(default, RDF.type, SD.Graph)
    for name, value in limits.shown().items():
        yield from _limit(service, name, value)
    rows = select(graph.store, graph.repository.query("pages/page-graphs"))
    for row in rows:
        yield from _named(service, value_of(row["graph"]), int(value_of(row["triples"])))


def _extensions(graph: Graph, service: Service) -> Iterator[ox.Quad]:
    """What the engine can do beyond the standard."""
    for extension in languages(graph.store):
        node = service.part(extension.name)
        yield _quad(service.iri, SD.languageExtension, node)
        yield _quad(node, RDF.type, SD.Feature)
        yield _quad(node, RDFS.seeAlso, extension.by)
        for language in LANGUAGES:
            yield _literal(node, RDFS.comment, ox.Literal(extension.told.text(language), language=language))
    for function in functions(graph.store):
        yield _quad(service.iri, SD.extensionFunction, function)
        yield _quad(function, RDF.type, SD.Function)


def _limit(service: Service, name: str, value: str) -> Iterator[ox.Quad]:
    node = service.part(f"limit-{name}")
    yield _quad(service.iri, SDO.additionalProperty, node)
    yield _quad(node, RDF.type, SDO.PropertyValue)
    yield _literal(node, SDO.name, ox.Literal(name))
    yield _literal(node, SDO.value, ox.Literal(value))


def _named(service: Service, iri: str, triples: int) -> Iterator[ox.Quad]:
    """A named graph of the data set, described under an address of its own."""
    node = service.part(f"graph/{fragment(iri.removeprefix(str(GRAPHS)))}")
    yield _quad(service.part("dataset"), SD.namedGraph, node)
    yield _quad(node, RDF.type, SD.NamedGraph)
    yield _quad(node, SD.name, iri)
    yield _quad(node, SD.graph, iri)
    yield _quad(iri, RDF.type, SD.Graph)
    yield _literal(iri, VOID.triples, ox.Literal(triples))


def _quad(subject: str, property_: str, value: str) -> ox.Quad:
    return _literal(subject, property_, ox.NamedNode(value))


def _literal(subject: str, property_: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(str(property_)), value)
