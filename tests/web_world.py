"""A small graph to serve, and the application over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bibgraph.catalogue import Catalogue
from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.repository import Repository
from bibgraph.store import Answer
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web import create_app

CHECKOUT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/bibgraph/"
VERSION = "0123456789abcdef"

Response: TypeAlias = TestResponse

TRIG = """
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/bibgraph/graph/>
PREFIX id: <https://w3id.org/bibgraph/id/>
PREFIX m: <https://w3id.org/bibgraph/id/measure/2030/>
PREFIX o: <https://w3id.org/bibgraph/id/status/2030-05-01/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX q: <https://w3id.org/bibgraph/id/quotation/report/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

GRAPH <https://w3id.org/bibgraph/graph/ontology/bibgraph> {
    <https://w3id.org/bibgraph/ontology> a owl:Ontology ;
        dcterms:title "Ontologi for prøver"@nb , "Ontologi for prøver"@nn , "Ontology for tests"@en ;
        dcterms:description "Sier hva ord betyr."@nb , "Seier kva ord tyder."@nn ,
            "Says what words mean."@en ;
        owl:versionIRI <https://w3id.org/bibgraph/ontology/0.1.0> .
    bg:Measure a owl:Class ; rdfs:label "Tiltak"@nb , "Tiltak"@nn , "Measure"@en ;
        skos:definition "Noe som skal gjøres."@nb , "Noko som skal gjerast."@nn , "Something to be done."@en ;
        rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> .
    bg:StatusObservation a owl:Class ; rdfs:label "Statusobservasjon"@nb , "Status observation"@en ;
        rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> .
    bg:text a owl:DatatypeProperty , bg:VerbatimProperty ; rdfs:label "ordlyd"@nb , "ordlyd"@nn , "text"@en ;
        rdfs:domain bg:Measure ; rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> .
    bg:comment a owl:DatatypeProperty , bg:VerbatimProperty ; rdfs:label "kommentar"@nb , "comment"@en ;
        rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> .
    bg:ofMeasure a owl:ObjectProperty ; rdfs:label "om tiltaket"@nb , "om tiltaket"@nn , "of measure"@en ;
        rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> .
}
GRAPH <https://w3id.org/bibgraph/graph/measures/report> {
    m:2 a bg:Measure ; rdfs:label "Tiltak 2"@nb , "Measure 2"@en ; bg:number 2 ;
        bg:text "Biblioteket skal låne ut bøker."@nb ; bg:evidence q:3-5 ;
        bg:link <https://example.org/page> , <javascript:alert(1)> ; dcterms:date "2030-05-01"^^xsd:date .
    m:10 a bg:Measure ; rdfs:label "<script>alert('x')</script>"@nb ; bg:number 10 .
    m:ii-01 a bg:Measure ; dcterms:identifier "ii-01" .
    q:3-5 a bg:Quotation ; prov:value "2. Biblioteket skal låne ut bøker."@nb ; bg:lineStart 3 ;
        bg:lineEnd 5 ;
        prov:wasQuotedFrom <https://w3id.org/bibgraph/id/source/report> .
    <https://w3id.org/bibgraph/id/strategy/2023-2025> a bg:Strategy ; dcterms:title "Strategien"@nb .
    <https://w3id.org/bibgraph/id/source/report> a bg:SourceDocument ; dcterms:title "Rapporten"@nb .
    <https://w3id.org/bibgraph/id/thing/blå> a bg:Thing ; rdfs:label "Blå ting"@nb .
}
GRAPH <https://w3id.org/bibgraph/graph/status/2030-05-01> {
    o:2 a bg:StatusObservation ; bg:ofMeasure m:2 ; bg:comment "Ferdig i mai."@nb ; bg:evidence q:3-5 .
    m:2 a bg:Measure .
}
GRAPH <https://w3id.org/bibgraph/graph/inferred> {
    m:2 a prov:Plan ; dcterms:description "Følger av annet."@nb .
    o:2 dcterms:relation m:2 .
}
GRAPH <https://w3id.org/bibgraph/graph/sources> {
    <https://w3id.org/bibgraph/graph/measures/report>
        dcterms:title "Tiltakene i rapporten"@nb , "Measures in the report"@en .
}
"""


class CountingStore(EmbeddedStore):
    """An embedded store that counts the queries it is asked."""

    asked = 0

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``."""
        self.asked += 1
        return super().query(text, default_graphs=default_graphs, named_graphs=named_graphs)


def quads(text: str = TRIG) -> list[ox.Quad]:
    """The quads of a TriG text."""
    return list(ox.parse(text.encode(), format=ox.RdfFormat.TRIG))


def graph(text: str = TRIG) -> Graph:
    """The small graph, with the project's own queries."""
    repository = Repository(CHECKOUT)
    catalogue = Catalogue.load(repository.questions, root=repository.root)
    return Graph(repository, CountingStore(quads(text), VERSION), catalogue)


def client(text: str = TRIG, language: str = "nb") -> FlaskClient:
    """A client of the application over the small graph."""
    return create_app(Settings(language=language), graph(text)).test_client()


def header_values(response: Response, name: str) -> set[str]:
    """The members of a header that is a list with commas."""
    return {part.strip() for value in response.headers.getlist(name) for part in value.split(",")}
