"""What HTTP asks of documents: formats, conditions, links, link sets, pages of long lists, what is gone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.http import parse_date

from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.publish.releases import Log, Release, Removal
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web import create_app
from bibgraph.web.described.sitemap import OWN_PAGES
from bibgraph.web.documents.publication import Publication
from bibgraph.web.documents.signposting import http_date
from web_world import BASE, TRIG, Response, client, graph, header_values, quads

DOCUMENT = "/doc/measure/2030/2"
PLACES = (DOCUMENT, "/doc/measure/2030", "/doc", "/graph", "/graph/measures/report", "/catalog")
FORMATS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
    "trig": "application/trig",
}
CATALOGUE = """
GRAPH <https://w3id.org/bibgraph/graph/catalogue> {
    <https://w3id.org/bibgraph/id/catalogue/tests> a <http://www.w3.org/ns/dcat#Catalog> ;
        dcterms:title "Katalogen"@nb ; <http://www.w3.org/ns/dcat#dataset> id:dataset .
    id:dataset a <http://www.w3.org/ns/dcat#Dataset> ;
        dcterms:title "</script><b>Tester & prøver"@nb , "Tests"@en ;
        dcterms:license <https://example.org/licence> ; dcterms:creator id:somebody ;
        dcterms:modified "2030-05-01"^^xsd:date , "2020-05-01"^^xsd:date ;
        <http://www.w3.org/ns/dcat#distribution> id:file .
    id:file <http://www.w3.org/ns/dcat#downloadURL> <https://w3id.org/bibgraph/dumps/bibgraph.ttl> .
    <https://example.org/licence> skos:exactMatch <https://example.org/text-of-the-licence> .
    id:somebody skos:prefLabel "Noen"@nb .
}
"""
PAST = TRIG.replace("2030-05-01", "2020-05-01") + CATALOGUE.replace("2030-05-01", "2020-05-03")
MODIFIED = "Sun, 03 May 2020 00:00:00 GMT"


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client(PAST)


def links(answer: Response) -> dict[str, list[str]]:
    """The targets of an answer's links by relation."""
    found: dict[str, list[str]] = {}
    for link in header_values(answer, "Link"):
        target, rel = re.match(r'<([^>]*)>; rel="([^"]*)"', link).groups()  # type: ignore[union-attr]  # all are so
        found.setdefault(rel, []).append(target)
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_document_is_to_be_had_by_header_by_ending_and_by_name(
    web: FlaskClient, place: str, name: str
) -> None:
    answers = [
        web.get(place, headers={"Accept": FORMATS[name]}),
        web.get(f"{place}.{name}"),
        web.get(f"{place}?format={name}", headers={"Accept": "image/png"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.mimetype for answer in answers} == {FORMATS[name]}
    if name != "html":
        assert len({answer.data for answer in answers}) == 1
    assert [answer.headers.get("Content-Location", "").partition("?")[0] for answer in answers] == [
        f"{place}.{name}",
        "",
        f"{place}.{name}",
    ]


@pytest.mark.parametrize(
    ("accept", "got"),
    [
        ("*/*", "text/html"),
        ("", "text/html"),
        ("text/turtle;q=0.5, application/rdf+xml;q=0.8", "application/rdf+xml"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/*;q=0.1, application/n-triples;q=0.2", "application/n-triples"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/json;q=0.4, text/turtle;q=0.5", "text/turtle"),
        ("TEXT/Turtle; charset=utf-8", "text/turtle"),
    ],
)
def test_the_format_wanted_most_is_sent(web: FlaskClient, accept: str, got: str) -> None:
    assert web.get(DOCUMENT, headers={"Accept": accept}).mimetype == got


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/turtle;q=0", "nonsense"])
def test_what_is_not_to_be_had_is_406_with_the_list_and_vary(web: FlaskClient, accept: str) -> None:
    answer = web.get(DOCUMENT, headers={"Accept": accept})
    assert answer.status_code == 406
    assert all(media_type in json.loads(answer.data)["hint"] for media_type in FORMATS.values())
    assert "application/json" not in json.loads(answer.data)["hint"]
    assert "Accept" in header_values(answer, "Vary")


@pytest.mark.parametrize("place", PLACES)
def test_the_day_of_the_last_change_comes_from_the_data(web: FlaskClient, place: str) -> None:
    answer = web.get(f"{place}.ttl")
    assert answer.headers["Last-Modified"] == MODIFIED


def test_a_day_to_come_is_no_last_change() -> None:
    assert "Last-Modified" not in client(TRIG + CATALOGUE).get(f"{DOCUMENT}.ttl").headers
    assert "Last-Modified" not in client().get(f"{DOCUMENT}.ttl").headers
    assert http_date("2020-05-03T10:00:00Z") == "Sun, 03 May 2020 10:00:00 GMT"
    assert parse_date(http_date("2020-05-03")) == parse_date(MODIFIED)


def test_the_moment_of_the_release_goes_before_the_day_in_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = Release(1, "2021-02-03T04:05:06Z", graph(PAST).version, "", "", 0, 0, {})
    monkeypatch.setattr(Publication, "log", Log(Path(), [released]))
    monkeypatch.setattr(Log, "gone", lambda _: {})
    answer = client(PAST).get(f"{DOCUMENT}.ttl")
    assert answer.headers["Last-Modified"] == "Wed, 03 Feb 2021 04:05:06 GMT"


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"If-None-Match": "{tag}"}, 304),
        ({"If-None-Match": "W/{tag}"}, 304),
        ({"If-None-Match": '"other", {tag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": MODIFIED}, 304),
        ({"If-Modified-Since": "Mon, 04 May 2020 00:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Sat, 02 May 2020 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": MODIFIED}, 200),
        ({"If-None-Match": "{tag}", "If-Modified-Since": "Sat, 02 May 2020 00:00:00 GMT"}, 304),
    ],
)
def test_conditions_are_judged_as_http_says(
    web: FlaskClient, conditions: dict[str, str], status: int
) -> None:
    whole = web.get(f"{DOCUMENT}.ttl")
    asked = {name: value.replace("{tag}", whole.headers["ETag"]) for name, value in conditions.items()}
    answer = web.get(f"{DOCUMENT}.ttl", headers=asked)
    assert answer.status_code == status
    for name in ("ETag", "Cache-Control", "Vary", "Link"):
        assert answer.headers.getlist(name) == whole.headers.getlist(name), name
    assert bool(answer.data) == (status == 200)


@pytest.mark.parametrize("place", [*PLACES, f"{DOCUMENT}.ttl", "/context.jsonld", "/linkset/doc/measure"])
def test_head_says_what_get_says_without_a_body(web: FlaskClient, place: str) -> None:
    got, head = web.get(place), web.head(place)
    assert head.data == b""
    left_out = {"Date"}
    assert [pair for pair in head.headers if pair[0] not in left_out] == [
        pair for pair in got.headers if pair[0] not in left_out
    ]


def test_a_document_has_the_links_of_fair_signposting(web: FlaskClient) -> None:
    found = links(web.get(DOCUMENT, headers={"Accept": "text/html"}))
    assert found["cite-as"] == [f"{BASE}id/measure/2030/2"]
    assert set(found["type"]) == {"https://schema.org/AboutPage", f"{BASE}ontology#Measure"}
    rdf = {f"{DOCUMENT}.{name}" for name in FORMATS if name != "html"}
    assert set(found["describedby"]) == rdf
    assert rdf <= set(found["alternate"])
    assert found["license"] == ["https://example.org/text-of-the-licence"]
    assert found["author"] == [f"{BASE}id/somebody"]
    assert found["collection"] == ["/doc/measure/2030"]
    assert set(found["linkset"]) == {f"/linkset{DOCUMENT}.json", f"/linkset{DOCUMENT}.txt"}
    assert links(web.get(f"{DOCUMENT}.ttl"))["describes"] == [DOCUMENT]


def test_a_list_has_items_and_the_data_set_has_files(web: FlaskClient) -> None:
    assert set(links(web.get("/doc/measure/2030.html"))["item"]) == {
        f"/doc/measure/2030/{key}" for key in ("2", "10", "ii-01")
    }
    assert "/dumps/bibgraph.ttl" in links(web.get("/doc/dataset"))["item"]


def test_of_very_many_items_a_header_has_some_and_the_link_set_all() -> None:
    many = "".join(f"<{BASE}id/unit/{n}> a <{BASE}ontology#Unit> .\n" for n in range(50))
    web = client(many)
    assert len(links(web.get("/doc/unit"))["item"]) == 20
    told = json.loads(web.get("/linkset/doc/unit.json").data)
    assert len(next(each for each in told["linkset"] if each["anchor"] == "/doc/unit")["item"]) == 50


@pytest.mark.parametrize("place", PLACES)
def test_the_link_set_has_the_links_of_the_headers_in_both_formats(web: FlaskClient, place: str) -> None:
    in_json = web.get(f"/linkset{place}.json")
    in_text = web.get(f"/linkset{place}", headers={"Accept": "application/linkset"})
    assert (in_json.mimetype, in_text.mimetype) == ("application/linkset+json", "application/linkset")
    contexts = {context.pop("anchor"): context for context in json.loads(in_json.data)["linkset"]}
    found = links(web.get(place))
    for rel in set(found) - {"alternate", "linkset"}:
        assert {target["href"] for target in contexts[place][rel]} == set(found[rel])
    pairs = {
        (anchor, rel, target["href"])
        for anchor, relations in contexts.items()
        for rel, targets in relations.items()
        for target in targets
    }
    read = re.findall(r'<([^>]*)>; rel="([^"]*)".*; anchor="([^"]*)"', in_text.text)
    assert {(anchor, rel, target) for target, rel, anchor in read} == pairs


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("//", "/"),
        ("/doc//measure/2030/2", DOCUMENT),
        ("//doc///measure/2030/2", DOCUMENT),
        ("/id//thing/bl%C3%A5", "/id/thing/bl%C3%A5"),
        ("//example.org/", "/example.org/"),
        ("/doc//measure?format=ttl&lang=en", "/doc/measure?format=ttl&lang=en"),
    ],
)
def test_slashes_too_many_lead_to_the_address_with_one(web: FlaskClient, path: str, target: str) -> None:
    told, _, query = path.partition("?")
    asked = {"PATH_INFO": unquote(told, "latin-1"), "QUERY_STRING": query}
    answer = web.get("/", environ_overrides=asked)
    assert (answer.status_code, answer.headers["Location"]) == (301, target)
    assert web.post("/", environ_overrides=asked).status_code in (404, 405)


def test_there_is_no_link_set_of_what_is_no_page(web: FlaskClient) -> None:
    for path in ("/linkset/doc/none", "/linkset/none", "/linkset/graph/none.json"):
        assert web.get(path).status_code == 404
    assert web.get("/linkset/doc?format=csv").status_code == 406


@pytest.fixture(scope="module")
def crowded() -> FlaskClient:
    text = "".join(
        f"<{BASE}id/status/x/{n}> <{BASE}ontology#ofMeasure> <{BASE}id/measure/2030/2> .\n"
        for n in range(450)
    )
    return client(f"{text}<{BASE}id/measure/2030/2> a <{BASE}ontology#Measure> .")


def pages(web: FlaskClient) -> Iterator[Response]:
    """The document's pages, found by following the links from one to the next."""
    path = f"{DOCUMENT}?format=nt"
    while path:
        answer = web.get(path)
        yield answer
        path = next(iter(links(answer).get("next", [])), "")


def test_what_points_to_a_thing_comes_in_pages_that_are_linked_and_complete(crowded: FlaskClient) -> None:
    found = list(pages(crowded))
    assert len(found) == 3
    pointing = [
        {quad.subject.value for quad in ox.parse(page.data, format=ox.RdfFormat.N_TRIPLES)} for page in found
    ]
    each = [{subject for subject in subjects if "/status/x/" in subject} for subjects in pointing]
    assert [len(subjects) for subjects in each] == [200, 200, 50]
    assert len(set.union(*each)) == 450
    assert all(f"{BASE}id/measure/2030/2" in subjects for subjects in pointing)
    assert links(found[1])["prev"] == [f"{DOCUMENT}?format=nt&page=1"]
    assert len({page.headers["ETag"] for page in found}) == 3


@pytest.mark.parametrize(("page", "status"), [("4", 404), ("0", 400), ("-1", 400), ("x", 400), ("²", 400)])
def test_a_page_that_there_is_not_is_refused(crowded: FlaskClient, page: str, status: int) -> None:
    assert crowded.get(f"{DOCUMENT}?page={page}").status_code == status


def test_what_was_taken_out_is_410_in_the_form_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    released = Release(2, "2021-02-03T04:05:06Z", "v2", "v1", "", 0, 0, {})
    iri = f"{BASE}id/measure/2030/99"
    removed = {iri: Removal(released), f"{iri}b": Removal(released, f"{BASE}id/measure/2030/2")}
    monkeypatch.setattr(Log, "gone", lambda _: removed)
    web = client()
    for path in ("/id/measure/2030/99", "/doc/measure/2030/99", "/doc/measure/2030/99.ttl"):
        told = web.get(path)
        assert (told.status_code, told.mimetype) == (410, "application/problem+json")
        assert "2021-02-03" in json.loads(told.data)["detail"]
        page = web.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (410, "text/html")
    assert f"{BASE}id/measure/2030/2" in json.loads(web.get("/id/measure/2030/99b").data)["hint"]
    assert web.get("/id/measure/2030/98").status_code == 404


def test_trig_tells_in_which_graph_each_statement_is_and_where_the_graph_comes_from(web: FlaskClient) -> None:
    stated = {str(quad) for quad in ox.parse(PAST.encode(), format=ox.RdfFormat.TRIG)}
    told = {str(quad) for quad in ox.parse(web.get(f"{DOCUMENT}.trig").data, format=ox.RdfFormat.TRIG)}
    assert told <= stated
    report = f"{BASE}graph/measures/report"
    assert any(f"<{report}> <http://purl.org/dc/terms/title>" in quad for quad in told)
    assert any(quad.endswith(f"<{BASE}graph/ontology/bibgraph>") for quad in told), "names have their graphs"


def test_the_same_graph_gives_the_same_bytes_whatever_order_it_is_loaded_in() -> None:
    here = graph(PAST)
    turned = EmbeddedStore(reversed(quads(PAST)), here.version)
    first = create_app(Settings(), here).test_client()
    second = create_app(Settings(), Graph(here.repository, turned, here.catalogue)).test_client()
    for name in FORMATS:
        assert first.get(f"{DOCUMENT}.{name}").data == second.get(f"{DOCUMENT}.{name}").data


def test_the_sitemap_has_every_page_once_at_the_host_that_is_asked(web: FlaskClient) -> None:
    text = web.get("/sitemap.xml", headers={"Host": "library.example"}).text
    found = re.findall(r"<loc>([^<]*)</loc>", text)
    assert len(found) == len(set(found))
    assert {"http://library.example/", f"http://library.example{DOCUMENT}"} <= set(found)
    for address in found:
        path = address.removeprefix("http://library.example")
        if path in OWN_PAGES or path.startswith("/sources/"):
            continue  # they need more than this small graph has
        assert web.get(path, headers={"Accept": "text/html"}, follow_redirects=True).status_code == 200, path
    assert "<lastmod>" not in text, "no day is made up"
    robots = web.get("/robots.txt", headers={"Host": "library.example"}).text
    assert "Sitemap: http://library.example/sitemap.xml" in robots


def test_the_catalogue_of_interfaces_leads_to_what_there_is(web: FlaskClient) -> None:
    answer = web.get("/.well-known/api-catalog")
    assert answer.headers["Content-Type"].startswith('application/linkset+json; profile="https://www.rfc-ed')
    assert 'rel="api-catalog"' in web.head("/.well-known/api-catalog").headers["Link"]
    first, *others = json.loads(answer.data)["linkset"]
    assert [item["href"] for item in first["item"]] == [other.pop("anchor") for other in others]
    assert others
    for link in (link for other in others for links in other.values() for link in links):
        if link["href"] not in OWN_PAGES:  # those need more than this small graph has
            found = web.get(link["href"], headers={"Accept": link["type"]})
            assert (found.status_code, found.mimetype) == (200, link["type"]), link


@pytest.mark.parametrize("path", ["/queries", "/catalog", "/ontology/codes", "/sparql", "/queries/nothing"])
def test_a_slash_too_many_at_the_end_leads_to_the_address_without(web: FlaskClient, path: str) -> None:
    answer = web.get(f"{path}/?lang=nb&q=%C3%A6")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{path}?lang=nb&q=%C3%A6")
    for right in ("/", "/dumps/"):
        assert web.get(right).status_code == 200


def test_a_long_sitemap_is_split(monkeypatch: pytest.MonkeyPatch, web: FlaskClient) -> None:
    whole = set(re.findall(r"<loc>([^<]*)</loc>", web.get("/sitemap.xml").text))
    monkeypatch.setattr("bibgraph.web.described.sitemap.MOST", 10)
    index = web.get("/sitemap.xml").text
    assert "<sitemapindex" in index
    parts = [web.get(path) for path in re.findall(r"<loc>http://localhost([^<]*)</loc>", index)]
    listed = [address for part in parts for address in re.findall(r"<loc>([^<]*)</loc>", part.text)]
    assert len(parts) == -(-len(whole) // 10)
    assert (len(listed), set(listed)) == (len(whole), whole)
    assert web.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert web.get("/sitemap-0.xml").status_code == 404


def test_search_engines_get_the_data_set_and_texts_cannot_end_the_block(web: FlaskClient) -> None:
    with web.application.test_request_context("/?lang=en"):
        block = str(web.application.jinja_env.globals["dataset_jsonld"]())  # type: ignore[operator]  # a function
    assert json.loads(block)["name"] == "Tests"
    assert json.loads(block)["license"] == "https://example.org/text-of-the-licence"
    with web.application.test_request_context("/?lang=nb"):
        block = str(web.application.jinja_env.globals["dataset_jsonld"]())  # type: ignore[operator]  # likewise
    assert json.loads(block)["name"] == "</script><b>Tester & prøver"
    assert not set("<>&") & set(block)


def test_without_a_catalogue_there_is_none() -> None:
    web = client()
    assert web.get("/catalog").status_code == 404
    with web.application.test_request_context("/"):
        assert web.application.jinja_env.globals["dataset_jsonld"]() == ""  # type: ignore[operator]  # a function
