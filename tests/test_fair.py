"""The FAIR points that can be looked at without the network, by the names of FAIRsFAIR and F-UJI.

``docs/fair.md`` holds the same list, made from this one; points that need the network or a person stand there
as such.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

from bibgraph.config import Settings
from bibgraph.graph import open_graph
from bibgraph.namespaces import BASE, DCTERMS, PREFIXES, RDF
from bibgraph.web import create_app
from site_checks import select
from web_world import CHECKOUT

DCAT = PREFIXES["dcat"]
DATASET = f"{BASE}id/dataset/bibgraph"
OPEN_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
THING = "/doc/measure/2023-2025/14"


class Site:
    """What the served site says, fetched once."""

    def __init__(self, web: FlaskClient) -> None:
        self.web = web

    @cached_property
    def schema(self) -> dict[str, object]:
        """The data set as the front page tells it to search engines."""
        tree = html.fromstring(self.web.get("/", headers={"Accept": "text/html"}).text)
        (block,) = select(tree, "//script[@type='application/ld+json']/text()")
        found: dict[str, object] = json.loads(block)
        return found

    @cached_property
    def catalogue(self) -> list[ox.Quad]:
        """The catalogue."""
        return list(ox.parse(self.web.get("/catalog.nt").data, format=ox.RdfFormat.N_TRIPLES))

    @cached_property
    def dataset(self) -> list[ox.Quad]:
        """The document about the data set."""
        answer = self.web.get("/doc/dataset/bibgraph.nt")
        return list(ox.parse(answer.data, format=ox.RdfFormat.N_TRIPLES))

    @cached_property
    def links(self) -> dict[str, list[str]]:
        """The links of a document's headers, by relation."""
        found: dict[str, list[str]] = {}
        for value in self.web.get(THING, headers={"Accept": "text/html"}).headers.getlist("Link"):
            match = re.fullmatch(r'<([^>]*)>; rel="([^"]*)".*', value)
            assert match, value
            found.setdefault(match[2], []).append(match[1])
        return found

    def values(self, property_: str) -> list[str]:
        """What the data set has by a property."""
        return [
            str(quad.object.value) if isinstance(quad.object, ox.NamedNode | ox.Literal) else ""
            for quad in self.dataset
            if quad.predicate.value == property_ and quad.subject == ox.NamedNode(DATASET)
        ]


def unique(site: Site) -> bool:
    """Each thing and the data set have an IRI of their own: it is a web address and leads to a document."""
    answer = site.web.get("/id/measure/2023-2025/14")
    return DATASET.startswith("https://") and answer.status_code == 303


def persistent(site: Site) -> bool:
    """The IRIs are under w3id.org, which is made to last, and stand in `cite-as` wherever they are served."""
    return BASE.startswith("https://w3id.org/") and site.links["cite-as"] == [
        f"{BASE}id/measure/2023-2025/14"
    ]


def core_metadata(site: Site) -> bool:
    """Creator, title, identifier, publisher, dates, summary and keywords of the data set are told."""
    schema = {
        "creator",
        "name",
        "identifier",
        "datePublished",
        "description",
        "keywords",
    } <= site.schema.keys()
    names = ("title", "description", "identifier", "publisher", "issued")
    return (
        schema and all(site.values(DCTERMS[name]) for name in names) and bool(site.values(f"{DCAT}keyword"))
    )


def names_the_data(site: Site) -> bool:
    """The metadata name the files of the data, with media types, and each file named is there."""
    given = site.schema["distribution"]
    assert isinstance(given, list)
    urls = [str(one["contentUrl"]) for one in given if one["encodingFormat"]]
    paths = [url.removeprefix(BASE) for url in urls if not url.endswith(".gz")]
    return bool(paths) and all(site.web.head(f"/{path}").status_code == 200 for path in paths)


def machines_find_it(site: Site) -> bool:
    """Search engines and programs find the metadata: schema.org in the page, typed links, a sitemap, DCAT."""
    listed = site.web.get("/sitemap.xml").text
    return (
        site.schema["@type"] == "Dataset"
        and bool(site.links["describedby"])
        and "/doc/measure/2023-2025/14" in listed
        and "Sitemap:" in site.web.get("/robots.txt").text
    )


def access_level(site: Site) -> bool:
    """The metadata say in a code of the EU's list who may have the data: all."""
    return site.values(DCTERMS.accessRights) == [
        "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    ]


def standard_protocol(site: Site) -> bool:
    """Metadata and data are had by HTTP GET and HEAD, without any key."""
    return all(
        site.web.open(path, method=method).status_code == 200
        for path in ("/catalog", THING, "/.well-known/void")
        for method in ("GET", "HEAD")
    )


def outlasting(site: Site) -> bool:
    """An address that there is nothing at says so, in the format asked for."""
    answer = site.web.get("/doc/measure/none", headers={"Accept": "application/ld+json, application/json"})
    return answer.status_code == 404 and str(answer.mimetype).endswith("json")


def formal_language(site: Site) -> bool:
    """Metadata and data are RDF, in five formats, and can be asked in SPARQL."""
    types = {site.web.get(f"{THING}.{ending}").mimetype for ending in ("ttl", "jsonld", "rdf", "nt", "trig")}
    answer = site.web.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"})
    return len(types) == 5 and answer.get_json()["boolean"] is True


def vocabularies(site: Site) -> bool:
    """The metadata use registered vocabularies (DCAT, Dublin Core), and our own terms are described."""
    used = {quad.predicate.value for quad in site.dataset}
    own = site.web.get("/ontology.ttl").text
    return any(iri.startswith(DCAT) for iri in used) and str(DCTERMS["title"]) in used and "rdfs:label" in own


def related(site: Site) -> bool:
    """The metadata link to related things: data sets, services, publisher, by properties with a meaning."""
    kinds = {quad.predicate.value for quad in site.catalogue if isinstance(quad.object, ox.NamedNode)}
    return {f"{DCAT}dataset", f"{DCAT}service", DCTERMS.publisher} <= kinds and len(site.links["type"]) > 1


def describes_content(site: Site) -> bool:
    """What the data hold is told: counts of triples and named graphs in VoID, classes in the ontology."""
    void = site.web.get("/.well-known/void.nt").text
    counted = re.findall(r'void#triples> "(\d+)"', void)
    return bool(counted) and max(map(int, counted)) > 1000


def licence(site: Site) -> bool:
    """A licence for all to use is named, by its address, in metadata and in the headers of documents."""
    return site.schema["license"] == OPEN_LICENSE and site.links["license"] == [OPEN_LICENSE]


def provenance(site: Site) -> bool:
    """Each statement stands in the graph of its source, and leads to the words and lines that it rests on."""
    quads = list(ox.parse(site.web.get(f"{THING}.trig").data, format=ox.RdfFormat.TRIG))
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    properties = {quad.predicate.value for quad in quads}
    return len(graphs) > 1 and f"{PREFIXES['prov']}wasQuotedFrom" in properties


def community_standard(site: Site) -> bool:
    """The catalogue follows DCAT-AP-NO, the standard of its field in Norway."""
    kinds = {str(quad.object) for quad in site.catalogue if quad.predicate.value == RDF.type}
    return {f"<{DCAT}Catalog>", f"<{DCAT}Dataset>"} <= kinds


def open_formats(site: Site) -> bool:
    """The data are in open formats for the long run, and tables in CSV."""
    answer = site.web.get("/queries/measures-by-status.csv")
    return site.web.head("/dumps/bibgraph.nq").status_code == 200 and answer.mimetype == "text/csv"


@dataclass(frozen=True)
class Point:
    """A point of assessment: its name, what it asks for, and how it is looked at."""

    name: str
    asks: str
    look: Callable[[Site], bool]


POINTS = (
    Point("FsF-F1-01D", "a globally unique identifier", unique),
    Point("FsF-F1-02D", "a persistent identifier", persistent),
    Point("FsF-F2-01M", "core metadata", core_metadata),
    Point("FsF-F3-01M", "metadata that name the data", names_the_data),
    Point("FsF-F4-01M", "metadata that machines find", machines_find_it),
    Point("FsF-A1-01M", "level and conditions of access", access_level),
    Point("FsF-A1-02M, FsF-A1-03D", "a standard protocol for metadata and data", standard_protocol),
    Point("FsF-A2-01M", "an answer where something is gone", outlasting),
    Point("FsF-I1-01M", "a formal language", formal_language),
    Point("FsF-I2-01M", "vocabularies with a meaning", vocabularies),
    Point("FsF-I3-01M", "links to related things", related),
    Point("FsF-R1-01MD", "what the data hold", describes_content),
    Point("FsF-R1.1-01M", "a licence", licence),
    Point("FsF-R1.2-01M", "provenance", provenance),
    Point("FsF-R1.3-01M", "a standard of the field", community_standard),
    Point("FsF-R1.3-02D", "open formats", open_formats),
)


@pytest.fixture(scope="module")
def site() -> Site:
    settings = Settings(root=CHECKOUT)
    return Site(create_app(settings, open_graph(settings, inferred=False)).test_client())


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_the_site_meets_the_point(site: Site, point: Point) -> None:
    assert point.look(site), point.asks


def report() -> str:
    """The table of ``docs/fair.md``."""
    rows = (f"| {point.name} | {point.asks} | {(point.look.__doc__ or '').strip()} |" for point in POINTS)
    return "\n".join(("| point | asks for | looked at |", "|---|---|---|", *rows))


def test_the_page_about_fair_has_this_list() -> None:
    page = (CHECKOUT / "docs" / "fair.md").read_text("utf-8")
    assert report() in page, report()
