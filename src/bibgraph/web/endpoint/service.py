"""The Service Description of ``/sparql`` (SPARQL 1.1 Service Description): what it can and what it holds."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, RDFS, SDO, VOID, Namespace

from bibgraph.describe import select, value_of
from bibgraph.graph import Graph
from bibgraph.limits import Limits
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import BASE, GRAPHS

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
SERVICE = BASE + "sparql"
_DATASET = SERVICE + "#dataset"
_DEFAULT = SERVICE + "#default-graph"


def service_description(graph: Graph, limits: Limits) -> Iterator[ox.Quad]:
    """The description as triples, with the limits. Its IRIs are those of the data, on whatever host."""
    union = message(
        "The default graph is the union of all named graphs; each named graph is what one source states."
    )
    yield _quad(SERVICE, RDF.type, SD.Service)
    yield _quad(SERVICE, SD.endpoint, SERVICE)
    yield _quad(SERVICE, SD.supportedLanguage, SD.SPARQL11Query)
    yield _quad(SERVICE, SD.feature, SD.UnionDefaultGraph)
    for name in _FORMATS:
        yield _quad(SERVICE, SD.resultFormat, FORMATS[name])
    for language in LANGUAGES:
        yield _literal(SERVICE, RDFS.comment, ox.Literal(union.text(language), language=language))
    yield _quad(SERVICE, RDFS.seeAlso, f"{BASE}.well-known/void")
    yield _quad(SERVICE, SD.defaultDataset, _DATASET)
    yield _quad(_DATASET, RDF.type, SD.Dataset)
    yield _literal(_DATASET, DCTERMS.identifier, ox.Literal(graph.version))
    yield _quad(_DATASET, SD.defaultGraph, _DEFAULT)
    yield _quad(_DEFAULT, RDF.type, SD.Graph)
    for name, value in limits.shown().items():
        yield from _limit(name, value)
    rows = select(graph.store, graph.repository.query("pages/page-graphs"))
    for row in rows:
        yield from _named(value_of(row["graph"]), int(value_of(row["triples"])))


def _limit(name: str, value: str) -> Iterator[ox.Quad]:
    node = f"{SERVICE}#limit-{name}"
    yield _quad(SERVICE, SDO.additionalProperty, node)
    yield _quad(node, RDF.type, SDO.PropertyValue)
    yield _literal(node, SDO.name, ox.Literal(name))
    yield _literal(node, SDO.value, ox.Literal(value))


def _named(iri: str, triples: int) -> Iterator[ox.Quad]:
    """A named graph of the data set, described under an address of its own."""
    node = f"{SERVICE}#graph/{iri.removeprefix(str(GRAPHS))}"
    yield _quad(_DATASET, SD.namedGraph, node)
    yield _quad(node, RDF.type, SD.NamedGraph)
    yield _quad(node, SD.name, iri)
    yield _quad(node, SD.graph, iri)
    yield _quad(iri, RDF.type, SD.Graph)
    yield _literal(iri, VOID.triples, ox.Literal(triples))


def _quad(subject: str, property_: str, value: str) -> ox.Quad:
    return _literal(subject, property_, ox.NamedNode(value))


def _literal(subject: str, property_: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(str(property_)), value)
