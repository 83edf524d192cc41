"""The descriptions for harvesters, as served over the project's own graph: DCAT-AP-NO, VoID, SKOS-AP-NO."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, RDF, RDFS, SH, SKOS, VOID, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from bibgraph.catalogue import Catalogue
from bibgraph.config import Settings
from bibgraph.errors import LimitError, SourceError
from bibgraph.graph import Graph as Served
from bibgraph.messages import message
from bibgraph.namespaces import BASE
from bibgraph.publish.dumps import SUMS, dump, write
from bibgraph.publish.making import Maker
from bibgraph.repository import Repository
from bibgraph.store import Answer
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.turtle import to_rdflib
from bibgraph.web import create_app
from bibgraph.web.described.files import files_of
from bibgraph.web.described.sitemap import OWN_PAGES
from web_world import CountingStore, graph, quads

SPDX = Namespace("http://spdx.org/rdf/terms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.theme),
    DCAT.DatasetSeries: (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.publisher,
        DCAT.contactPoint,
        DCAT.theme,
    ),
    DCAT.DataService: (DCTERMS.title, DCTERMS.publisher, DCAT.contactPoint, DCAT.endpointURL),
    DCAT.Distribution: (DCAT.accessURL,),
    FOAF.Agent: (FOAF.name,),
    VCARD.Kind: (VCARD.fn, VCARD.hasURL),
}
"""What DCAT-AP-NO 3.0 demands."""
ONE = (DCTERMS.publisher, DCAT.endpointURL, VCARD.hasURL)
"""Properties that may be there once only."""


@pytest.fixture(scope="module")
def served(repository: Repository) -> Served:
    store = EmbeddedStore(repository.quads("ontology", "data"), repository.version)
    return Served(repository, store, Catalogue.load(repository.questions, root=repository.root))


@pytest.fixture(scope="module")
def web(served: Served) -> FlaskClient:
    return create_app(Settings(), served).test_client()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The application over a small graph, with a folder for its dumps."""
    return create_app(Settings(cache=tmp_path_factory.mktemp("cache")), graph()).test_client()


def read(web: FlaskClient, path: str) -> Graph:
    return to_rdflib(ox.parse(web.get(path).data, format=ox.RdfFormat.TURTLE))


def number(told: Graph, thing: Node, property_: URIRef) -> int:
    """The number that is a thing's one value of a property; 0 if it has none."""
    return int(str(told.value(thing, property_, default=Literal(0))))


@pytest.fixture(scope="module")
def catalogue(web: FlaskClient) -> Graph:
    return read(web, "/catalog.ttl")


@pytest.mark.parametrize("class_", MANDATORY, ids=lambda class_: class_.rpartition("#")[2].rpartition("/")[2])
def test_all_that_dcat_ap_no_demands_is_there(catalogue: Graph, class_: URIRef) -> None:
    things = list(catalogue.subjects(RDF.type, class_))
    assert things
    for thing in things:
        for property_ in MANDATORY[class_]:
            values = list(catalogue.objects(thing, property_))
            assert values, (thing, property_)
            assert len(values) == 1 or property_ not in ONE, (thing, property_)
            texts = [value.language for value in values if isinstance(value, Literal)]
            assert len(texts) == len(set(texts)), (thing, property_)


def test_the_served_catalogue_passes_the_project_s_own_rules(
    catalogue: Graph, repository: Repository
) -> None:
    quads = repository.quads("shapes")
    with_rules = {
        DCAT.Catalog,
        DCAT.Dataset,
        DCAT.DatasetSeries,
        DCAT.DataService,
        DCAT.Distribution,
        VCARD.Kind,
    }
    shapes = to_rdflib(quads)
    targets = set(shapes.objects(None, SH.targetClass))
    assert targets >= with_rules
    for shape, target in list(shapes.subject_objects(SH.targetClass)):
        if target not in {*with_rules, SKOS.Concept, SKOS.ConceptScheme}:
            shapes.remove((shape, SH.targetClass, target))
    for shape in list(shapes.subjects(SH.targetSubjectsOf)):
        shapes.remove((shape, SH.targetSubjectsOf, None))
    agents = Graph()
    for agent in catalogue.subjects(RDF.type, FOAF.Agent):
        agents.add((agent, RDF.type, FOAF.Group))
    _, report, text = pyshacl.validate(catalogue + agents, shacl_graph=shapes, inference="none")
    assert list(report.objects(None, SH.result)) == [], text


def test_every_concept_that_the_catalogue_uses_has_a_name_and_a_list(catalogue: Graph) -> None:
    used = {value for value in catalogue.objects() if str(value).startswith(AUTHORITY)}
    lists = set(catalogue.objects(None, SKOS.inScheme))
    assert len(used) > len(MANDATORY)
    for concept in used - lists:
        assert (concept, RDF.type, SKOS.Concept) in catalogue
        assert (catalogue.value(concept, SKOS.inScheme), RDF.type, SKOS.ConceptScheme) in catalogue
        assert len(list(catalogue.objects(concept, SKOS.prefLabel))) == 3


def test_identifiers_are_kept_for_harvesters_of_the_version_before(catalogue: Graph) -> None:
    for class_ in (DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService):
        for thing in catalogue.subjects(RDF.type, class_):
            assert list(catalogue.objects(thing, DCTERMS.identifier)) == [Literal(str(thing))]


def test_status_reports_are_data_sets_in_a_series(catalogue: Graph) -> None:
    [series] = catalogue.subjects(RDF.type, DCAT.DatasetSeries)
    members = set(catalogue.subjects(DCAT.inSeries, series))
    assert {URIRef(f"{BASE}graph/status/2025-10-14")} <= members
    assert set(catalogue.objects(series, DCAT.last)) <= members
    assert list(catalogue.objects(series, DCAT.last))
    for member in members:
        assert len(list(catalogue.objects(member, DCTERMS.issued))) == 1
    assert all(before in members for before in catalogue.objects(None, DCAT.prev))


def test_every_address_in_the_catalogue_answers(web: FlaskClient, catalogue: Graph) -> None:
    addresses = (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointDescription, FOAF.homepage, DCAT.landingPage)
    told = {value for property_ in addresses for value in catalogue.objects(None, property_)}
    things = {thing for class_ in MANDATORY for thing in catalogue.subjects(RDF.type, class_)}
    ours = {str(one) for one in told | things if str(one).startswith(BASE)}
    files = {address for address in ours if address.startswith(f"{BASE}dumps/")}
    assert {address.removeprefix(f"{BASE}dumps/") for address in files} <= set(dump([], []))
    assert len(ours) > len(things) > len(files) > 0
    for address in sorted(ours - files - {f"{BASE}dumps"}):
        answer = web.get("/" + address.removeprefix(BASE), follow_redirects=True)
        assert answer.status_code == 200, address


def test_the_catalogue_says_the_same_in_every_format_and_on_every_host(web: FlaskClient) -> None:
    lines = {str(quad) for quad in ox.parse(web.get("/catalog.nt").data, format=ox.RdfFormat.N_TRIPLES)}
    assert {str(q) for q in ox.parse(web.get("/catalog.jsonld").data, format=ox.RdfFormat.JSON_LD)} == lines
    assert {str(q) for q in ox.parse(web.get("/catalog.rdf").data, format=ox.RdfFormat.RDF_XML)} == lines
    assert web.get("/catalog.ttl", headers={"Host": "library.example"}).data == web.get("/catalog.ttl").data


def test_the_pages_of_the_project_s_own_graph_are_there(web: FlaskClient) -> None:
    listed = re.findall(r"<loc>http://localhost([^<]*)</loc>", web.get("/sitemap.xml").text)
    own = [path for path in listed if path in OWN_PAGES or path.startswith("/sources/")]
    assert {"/catalog", "/sources/statusrapport-2025-10-14"} <= set(own)
    for path in own:
        assert web.get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_concepts_have_all_that_skos_ap_no_demands(web: FlaskClient) -> None:
    told = read(web, "/concepts.ttl")
    concepts = {c for c in told.subjects(RDF.type, SKOS.Concept) if str(c).startswith(BASE)}
    collections = set(told.subjects(RDF.type, SKOS.Collection))
    assert len(concepts) > len(collections) > 1
    assert {member for each in collections for member in told.objects(each, SKOS.member)} == concepts
    for thing in concepts | collections:
        for property_ in (DCTERMS.identifier, DCTERMS.publisher, DCAT.contactPoint):
            assert len(set(told.objects(thing, property_))) == 1, (thing, property_)
    for concept in concepts:
        labels = [
            label.language for label in told.objects(concept, SKOS.prefLabel) if isinstance(label, Literal)
        ]
        assert "nb" in labels
        assert len(labels) == len(set(labels))
    for contact in set(told.objects(None, DCAT.contactPoint)):
        assert (contact, RDF.type, VCARD.Kind) in told
    for publisher in set(told.objects(None, DCTERMS.publisher)):
        assert (publisher, RDF.type, FOAF.Agent) in told


def test_void_counts_what_is_there(web: FlaskClient, repository: Repository) -> None:
    told = read(web, "/.well-known/void.ttl")
    triples = {quad.triple for quad in repository.quads("ontology", "data")}
    dataset = URIRef(f"{BASE}id/dataset/bibgraph")
    counts = {
        VOID.triples: len(triples),
        VOID.distinctSubjects: len({t.subject for t in triples}),
        VOID.properties: len({t.predicate for t in triples}),
        VOID.distinctObjects: len({t.object for t in triples}),
        VOID.classes: len({t.object for t in triples if t.predicate.value == str(RDF.type)}),
        VOID.entities: len({t.subject for t in triples if str(t.subject).startswith(f"<{BASE}id/")}),
    }
    assert {property_: number(told, dataset, property_) for property_ in counts} == counts
    by_property = Counter(t.predicate.value for t in triples)
    parts = {
        str(told.value(part, VOID.property)): number(told, part, VOID.triples)
        for part in told.objects(dataset, VOID.propertyPartition)
    }
    assert parts == by_property
    by_class = Counter(
        t.object.value
        for t in triples
        if t.predicate.value == str(RDF.type) and isinstance(t.object, ox.NamedNode)
    )
    parts = {
        str(told.value(part, VOID["class"])): number(told, part, VOID.entities)
        for part in told.objects(dataset, VOID.classPartition)
    }
    assert parts == by_class
    graphs = Counter(str(quad.graph_name) for quad in repository.quads("ontology", "data"))
    assert {
        f"<{part}>": number(told, part, VOID.triples)
        for part in told.objects(dataset, VOID.subset)
        if str(part).startswith(f"{BASE}graph/")
    } == graphs
    assert set(map(str, told.objects(dataset, VOID.dataDump))) >= {f"{BASE}dumps/bibgraph.nq"}


def test_the_service_is_one_wherever_it_is_asked(web: FlaskClient) -> None:
    told = read(web, "/.well-known/void.ttl")
    endpoints = {URIRef(f"{BASE}sparql"), URIRef("http://localhost/sparql")}
    assert set(told.objects(URIRef(f"{BASE}id/dataset/bibgraph"), VOID.sparqlEndpoint)) == endpoints
    service = read(web, "/sparql?format=ttl")
    property_ = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert set(service.objects(URIRef(f"{BASE}sparql"), property_)) == endpoints


def test_void_has_the_links_to_other_sites(web: FlaskClient, repository: Repository) -> None:
    told = read(web, "/.well-known/void.ttl")
    linksets = set(told.subjects(RDF.type, VOID.Linkset))
    links = {
        quad.triple
        for quad in repository.quads("ontology", "data")
        if str(quad.subject).startswith(f"<{BASE}id/")
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(("http://", "https://"))
        and not quad.object.value.startswith(BASE)
        and quad.predicate.value != str(RDF.type)
    }
    assert linksets
    assert sum(number(told, linkset, VOID.triples) for linkset in linksets) == len(links)
    for linkset in linksets:
        assert told.value(linkset, VOID.linkPredicate) is not None
        assert told.value(told.value(linkset, VOID.objectsTarget), VOID.uriSpace) is not None


def test_dumps_are_served_as_they_are_made(small: FlaskClient) -> None:
    sums = small.get("/dumps/SHA256SUMS").text
    page = small.get("/dumps/", headers={"Accept": "text/html"}).text
    for line in sums.splitlines():
        sha256, name = line.split("  ", 1)
        answer = small.get(f"/dumps/{name}")
        assert hashlib.sha256(answer.data).hexdigest() == sha256
        assert f'href="/dumps/{name}"' in page
        assert answer.headers["ETag"].strip('"') == sha256[:32]
    assert small.get("/dumps/bibgraph.ttl").content_type == "text/turtle; charset=utf-8"
    assert small.get("/dumps/bibgraph.ttl.gz").content_type == "application/gzip"
    assert small.get("/dumps/none").status_code == 404
    assert small.get("/dumps/..%2Fx").status_code == 404


def test_dumps_hold_the_graph_and_are_made_again_only_for_another_version(tmp_path: Path) -> None:
    web = create_app(Settings(cache=tmp_path), graph()).test_client()
    found = {str(q) for q in ox.parse(web.get("/dumps/bibgraph.nq").data, format=ox.RdfFormat.N_QUADS)}
    assert found == {str(quad) for quad in quads()}
    [folder] = tmp_path.glob("dumps-*")
    made = (folder / "bibgraph.nq").stat().st_mtime_ns
    again = create_app(Settings(cache=tmp_path), graph()).test_client()
    assert again.get("/dumps/bibgraph.nq").status_code == 200
    assert (folder / "bibgraph.nq").stat().st_mtime_ns == made


@pytest.fixture
def halted(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The process that makes the files stands still until this is set."""
    go_on = threading.Event()

    def slow(_maker: Maker, _quads: object, _root: Path, folder: Path, _version: str) -> None:
        go_on.wait()
        write(dump([], []), folder)

    monkeypatch.setattr(Maker, "make", slow)
    yield go_on
    go_on.set()


def test_who_may_not_wait_while_the_files_are_made_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch, halted: threading.Event, tmp_path: Path
) -> None:
    monkeypatch.setattr("bibgraph.web.described.files._MOST_WAITING", 0)
    app = create_app(Settings(cache=tmp_path), graph())
    for path in ("/dumps/", "/dumps/bibgraph.nq"):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    halted.set()
    made = files_of(app).begin()
    assert made is not None
    made.result()
    assert app.test_client().get("/dumps/bibgraph.nq").status_code == 200


def test_who_waits_longer_than_anybody_should_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch, halted: threading.Event, tmp_path: Path
) -> None:
    monkeypatch.setattr("bibgraph.web.described.files._PATIENCE", 0.01)
    app = create_app(Settings(cache=tmp_path), graph())
    assert app.test_client().get("/dumps/").status_code == 503
    assert not halted.is_set()


def test_files_that_cannot_be_made_are_told_of_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tried = []

    def failing(_maker: Maker, _quads: object, _root: Path, folder: Path, _version: str) -> None:
        tried.append(folder)
        if len(tried) < 4:
            raise SourceError(message("The disk is full."))
        write(dump([], []), folder)

    monkeypatch.setattr(Maker, "make", failing)
    monkeypatch.setattr("bibgraph.web.described.files._PAUSE", 0)
    monkeypatch.setattr("bibgraph.web.described.files._ATTEMPTS", 3)
    web = create_app(Settings(cache=tmp_path), graph()).test_client()
    assert web.get("/dumps/").status_code == 503
    assert "The disk is full." in caplog.text
    assert web.get("/dumps/").status_code == 200


def test_the_process_that_makes_the_files_says_why_it_cannot(tmp_path: Path, repository: Repository) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="cannot be written"):
        Maker().make(quads(), repository.root, tmp_path / "file" / "dumps", "version")


def test_of_a_graph_that_does_not_come_whole_nothing_is_made(tmp_path: Path, repository: Repository) -> None:
    command = [
        sys.executable,
        "-m",
        "bibgraph.publish.making",
        str(repository.root),
        str(tmp_path / "x"),
        "v",
    ]
    lines = "".join(f"{quad} .\n" for quad in quads()).encode()
    done = subprocess.run(command, input=lines, capture_output=True, check=False)
    assert done.returncode == 1
    assert not (tmp_path / "x").exists()


def test_the_catalogue_has_sizes_and_sums_of_files_once_they_are_made(served: Served, tmp_path: Path) -> None:
    app = create_app(Settings(cache=tmp_path), served)
    web = app.test_client()
    before = web.get("/catalog.ttl")
    assert not read(web, "/catalog.ttl").value(None, SPDX.checksumValue)
    names = {f"bibgraph.{ending}": ending.encode() for ending in ("nq", "nq.gz", "ttl")}
    write({**names, **_with_sums({**names, "strategy-a.stratml.xml": b"<a/>"})}, files_of(app).folder())
    after = web.get("/catalog.ttl")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert web.get("/catalog.ttl", headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    told = read(web, "/catalog.ttl")
    for name, content in {**names, "strategy-a.stratml.xml": b"<a/>"}.items():
        (file,) = told.subjects(DCAT.downloadURL, URIRef(f"{BASE}dumps/{name}"))
        assert told.value(file, DCAT.byteSize) == Literal(len(content), datatype=XSD.nonNegativeInteger)
        checksum = told.value(file, SPDX.checksum)
        assert told.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        assert str(told.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
    (plans,) = told.subjects(DCAT.distribution, URIRef(f"{BASE}dumps/strategy-a.stratml.xml"))
    for property_ in MANDATORY[DCAT.Dataset]:
        assert told.value(plans, property_), property_


def _with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return {**files, SUMS: "".join(lines).encode()}


def test_the_mailbox_of_whoever_runs_the_service_is_in_the_catalogue_and_on_the_page(served: Served) -> None:
    without = create_app(Settings(), served).test_client()
    web = create_app(Settings(contact="post@example.org"), served).test_client()
    mailbox = URIRef("mailto:post@example.org")
    for path in ("/catalog.ttl", "/concepts.ttl"):
        assert set(read(web, path).objects(None, VCARD.hasEmail)) == {mailbox}
        assert not set(read(without, path).objects(None, VCARD.hasEmail))
        for contact in set(read(without, path).objects(None, DCAT.contactPoint)):
            assert read(without, path).value(contact, VCARD.hasURL) == URIRef(f"{BASE}accessibility")
    assert web.get("/catalog.ttl").headers["ETag"] != without.get("/catalog.ttl").headers["ETag"]
    assert "mailto:post@example.org" in web.get("/accessibility").text
    assert "<adminEmail>post@example.org</adminEmail>" in web.get("/oai?verb=Identify").text
    assert "mailto:" not in without.get("/accessibility").text


def test_the_data_set_says_which_years_it_is_about_and_how_it_came_about(catalogue: Graph) -> None:
    dataset = URIRef(f"{BASE}id/dataset/bibgraph")
    period = catalogue.value(dataset, DCTERMS.temporal)
    start, end = (str(catalogue.value(period, DCAT[name])) for name in ("startDate", "endDate"))
    assert "2015-01-01" <= start < end
    labels = set(catalogue.objects(catalogue.value(dataset, DCTERMS.provenance), RDFS.label))
    assert {label.language for label in labels if isinstance(label, Literal)} == {"nb", "nn", "en"}


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/rdf+xml"])
def test_who_asks_the_front_page_for_data_is_led_to_what_describes_all_of_it(
    web: FlaskClient, accept: str
) -> None:
    answer = web.get("/", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/catalog")
    assert "Accept" in answer.headers["Vary"]
    led = web.get("/", headers={"Accept": accept}, follow_redirects=True)
    assert (led.status_code, led.mimetype) == (200, accept)


def test_the_front_page_itself_is_a_page_that_tells_programs_where_to_go(web: FlaskClient) -> None:
    answer = web.get("/")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    linked = dict(re.findall(r'<([^>]*)>; rel="([^"]*)"', " ".join(answer.headers.getlist("Link"))))
    assert linked["/catalog.ttl"] == linked["/.well-known/void"] == "describedby"
    assert linked["/openapi.json"] == "service-desc"
    for path in linked:
        assert not path.startswith("/") or web.get(path).status_code == 200, path
    assert web.get("/", headers={"Accept": "image/png"}).status_code == 406
    assert web.get("/?format=ttl").headers["Location"] == "/catalog?format=ttl"


class _Crowded(EmbeddedStore):
    """A store that has no room for the query by which the front page learns of the catalogue."""

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        if text == graph().repository.query("pages/page-dataset"):
            raise LimitError(message("No worker was free in time."), limit="wait", value="5 s", retry_after=2)
        return super().query(text, default_graphs=default_graphs, named_graphs=named_graphs)


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_a_front_page_that_cannot_be_had_is_answered_with_the_limit(accept: str) -> None:
    here = graph()
    crowded = Served(here.repository, _Crowded(quads(), "crowded"), here.catalogue)
    answer = create_app(Settings(), crowded).test_client().get("/", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "wait: 5 s" in answer.text or json.loads(answer.data)["limit"] == "wait"


def test_without_a_catalogue_the_front_page_leads_to_void(small: FlaskClient) -> None:
    answer = small.get("/", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, "/.well-known/void")


def test_things_of_others_are_not_counted_by_how_ours_begin(small: FlaskClient) -> None:
    told = read(small, "/.well-known/void.ttl")
    (dataset,) = told.objects(None, FOAF.primaryTopic)
    assert told.value(dataset, VOID.distinctSubjects)
    assert told.value(dataset, VOID.entities) is None


def test_a_graph_kept_elsewhere_has_no_dumps_here() -> None:
    here = graph()
    elsewhere = Served(here.repository, CountingStore(quads(), "remote:0123"), here.catalogue)
    answer = create_app(Settings(), elsewhere).test_client().get("/dumps/bibgraph.nq")
    assert answer.status_code == 404
    assert json.loads(answer.data)["detail"]
