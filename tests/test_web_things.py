"""Dereferencing: things, documents about them, collections, named graphs, the ontology."""

from __future__ import annotations

import json
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.web import create_app
from web_world import BASE, CountingStore, client, graph, header_values, quads

MEASURE = f"{BASE}id/measure/2030/2"
ONTOLOGY = f"{BASE}ontology#"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    "ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client()


def triples(data: bytes, format_: ox.RdfFormat) -> set[str]:
    return {str(quad) for quad in ox.parse(data, format=format_)}


@pytest.mark.parametrize("path", ["/measure/2030/2", "/measure/2030", "/measure", "", "/source/report"])
def test_a_thing_leads_by_303_to_the_document_about_it(web: FlaskClient, path: str) -> None:
    answer = web.get(f"/id{path}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/doc{path}")
    assert web.get(answer.headers["Location"]).status_code == 200


def test_the_host_a_client_names_is_never_repeated(web: FlaskClient) -> None:
    answer = web.get(
        "/id/measure/2030/2", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )
    assert "evil" not in str(answer.headers) + answer.text


def test_the_language_in_the_address_is_kept_on_the_way(web: FlaskClient) -> None:
    assert web.get("/id/measure/2030/2?lang=nn").headers["Location"] == "/doc/measure/2030/2?lang=nn"
    assert web.get("/id/measure/2030/2?lang=fr").headers["Location"] == "/doc/measure/2030/2"


@pytest.mark.parametrize(
    "path", ["/id/measure/2030/3", "/doc/measure/2030/3", "/doc/measure/2030/3.ttl", "/id/m%5B"]
)
def test_what_is_not_there_is_404_in_the_form_asked_for(web: FlaskClient, path: str) -> None:
    told = web.get(path)
    assert (told.status_code, told.mimetype) == (404, "application/problem+json")
    assert BASE in json.loads(told.data)["detail"]
    page = web.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    text = web.get(path, headers={"Accept": "text/plain"})
    assert (text.status_code, text.mimetype) == (404, "text/plain")


@pytest.mark.parametrize("path", ["/id/%ff", "/id/a%zz", "/doc/%c3%28"])
def test_a_path_that_is_badly_encoded_is_400(web: FlaskClient, path: str) -> None:
    assert web.open(path=path, environ_overrides={"REQUEST_URI": path}).status_code == 400


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_document_is_the_same_graph_in_every_format(web: FlaskClient, name: str) -> None:
    media_type, format_ = FORMATS[name]
    by_ending = web.get(f"/doc/measure/2030/2.{name}")
    by_header = web.get("/doc/measure/2030/2", headers={"Accept": media_type})
    assert by_ending.headers["Content-Type"] == by_header.headers["Content-Type"] == media_type
    assert by_ending.data == by_header.data
    assert triples(by_ending.data, format_) == triples(
        web.get("/doc/measure/2030/2.nt").data, ox.RdfFormat.N_TRIPLES
    )


def test_a_document_states_nothing_that_the_graph_does_not(web: FlaskClient) -> None:
    stated = {str(ox.Quad(*quad.triple)) for quad in quads()}
    assert triples(web.get("/doc/measure/2030/2.nt").data, ox.RdfFormat.N_TRIPLES) <= stated


def test_iris_in_data_never_change_with_the_host(web: FlaskClient) -> None:
    data = web.get("/doc/measure/2030/2.nt", headers={"Host": "localhost:1234"}).text
    assert f"<{MEASURE}>" in data
    assert "localhost" not in data


def test_turtle_begins_with_the_thing_and_names_its_collection(web: FlaskClient) -> None:
    text = web.get("/doc/measure/2030/2.ttl").text
    prefixes, first = text.split("\n\n")[:2]
    assert "@prefix measure-2030: <https://w3id.org/bibgraph/id/measure/2030/> ." in prefixes
    assert first.startswith("measure-2030:2\n    a\n")


def test_what_is_not_to_be_had_is_406_and_lists_what_is(web: FlaskClient) -> None:
    answer = web.get("/doc/measure/2030/2", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in json.loads(answer.data)["hint"]
    assert web.get("/doc/measure/2030/2?format=png").status_code == 406


def test_caches_are_told_what_an_answer_depends_on(web: FlaskClient) -> None:
    page = web.get("/doc/measure/2030/2", headers={"Accept": BROWSER})
    assert header_values(page, "Vary") >= {"Accept", "Accept-Language"}
    assert page.headers["Content-Language"] == "nb"
    links = header_values(page, "Link")
    assert '</doc/measure/2030/2.ttl>; rel="alternate"; type="text/turtle"' in links
    here = [match[1] for link in links if (match := re.match(r"<(/[^>]+)>", link))]
    assert len(here) > len(FORMATS)
    for path in here:
        assert web.get(path).status_code == 200, path


def test_the_tag_differs_by_format_and_language_and_saves_sending_twice(web: FlaskClient) -> None:
    def tag(**headers: str) -> str:
        return web.get(
            "/doc/measure/2030/2", headers={k.replace("_", "-"): v for k, v in headers.items()}
        ).headers["ETag"]

    tags = [
        tag(Accept="text/html", Accept_Language="nb"),
        tag(Accept="text/html", Accept_Language="nn"),
        tag(Accept="text/turtle"),
        tag(Accept="application/n-triples"),
    ]
    assert len(set(tags)) == 4
    assert not any(found.startswith("W/") for found in tags)
    again = web.get("/doc/measure/2030/2", headers={"Accept": "text/turtle", "If-None-Match": tags[2]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tags[2])
    assert (
        web.get("/doc/measure/2030/2", headers={"Accept": "text/html", "If-None-Match": tags[2]}).status_code
        == 200
    )


def test_what_a_service_elsewhere_says_has_no_tag_since_it_may_change() -> None:
    served = graph()
    elsewhere = Graph(served.repository, CountingStore(quads(), "remote:0123"), served.catalogue)
    web = create_app(Settings(), elsewhere).test_client()
    for path in ("/doc/measure/2030/2.ttl", "/", "/sparql?query=ASK%7B%7D", "/queries/projects.csv"):
        answer = web.get(path)
        assert answer.status_code == 200
        assert "ETag" not in answer.headers


def test_a_page_shows_the_sources_words_in_the_sources_language(web: FlaskClient) -> None:
    page = web.get("/doc/measure/2030/2?lang=en").text
    assert '<html lang="en">' in page
    assert "<h1><span>Measure 2</span></h1>" in page
    assert '<blockquote class="lead" lang="nb">Biblioteket skal låne ut bøker.</blockquote>' in page
    assert '<span class="src" lang="nb">Ferdig i mai.</span>' in page


def test_a_page_has_the_evidence_with_its_lines_and_document(web: FlaskClient) -> None:
    page = web.get("/doc/measure/2030/2?lang=en").text
    assert '<a class="ref" href="/id/quotation/report/3-5?lang=en">lines 3–5</a>' in page
    assert '<p class="doc">Word for word.</p>' in page
    assert 'href="/id/source/report?lang=en"' in page


def test_links_stay_on_the_serving_host_and_lead_somewhere(web: FlaskClient) -> None:
    seen: set[str] = set()
    for path in (
        "/",
        "/doc",
        "/doc/measure/2030/2",
        "/doc/measure",
        "/graph",
        "/ontology",
        "/queries",
        "/sparql",
    ):
        page = web.get(path, headers={"Accept": BROWSER}).text
        written = set(re.findall(r'(?:href|src|action)="([^"]*)"', page))
        assert not [target for target in written if target.startswith(BASE)]
        targets = {target.partition("#")[0] or "#" for target in written}
        for target in targets - seen:
            seen.add(target)
            if target.startswith("/"):
                with web.get(target.replace("&amp;", "&")) as answer:
                    assert answer.status_code in (200, 303), (path, target)
            else:
                assert target.startswith(("#", "https://", "http://")), (path, target)


def test_only_web_addresses_become_links(web: FlaskClient) -> None:
    page = web.get("/doc/measure/2030/2").text
    assert 'href="https://example.org/page"' in page
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_texts_in_the_data_cannot_become_markup(web: FlaskClient) -> None:
    for path in ("/doc/measure/2030/10", "/doc/measure", "/graph/measures/report"):
        page = web.get(path, headers={"Accept": BROWSER}).text
        assert "&lt;script&gt;" in page
        assert "<script" not in page


def test_dates_are_written_for_readers_and_kept_for_machines(web: FlaskClient) -> None:
    page = web.get("/doc/measure/2030/2?lang=nb").text
    assert '<time datetime="2030-05-01">01.05.2030</time>' in page
    assert '<time datetime="2030-05-01">1 May 2030</time>' in web.get("/doc/measure/2030/2?lang=en").text


def test_a_thing_with_letters_beyond_ascii_is_found(web: FlaskClient) -> None:
    answer = web.get("/id/thing/bl%C3%A5")
    assert answer.headers["Location"] == "/doc/thing/bl%C3%A5"
    page = web.get(answer.headers["Location"], headers={"Accept": BROWSER}).text
    assert "Blå ting" in page
    assert 'href="/doc/thing/bl%C3%A5.ttl"' in page


def test_a_collection_lists_its_members_as_page_and_as_data(web: FlaskClient) -> None:
    page = web.get("/doc/measure/2030", headers={"Accept": BROWSER}).text
    places = [page.index(f'href="/id/measure/2030/{key}"') for key in ("2", "10", "ii-01")]
    assert places == sorted(places)
    data = triples(web.get("/doc/measure/2030.ttl").data, ox.RdfFormat.TURTLE)
    member = "<http://www.w3.org/2000/01/rdf-schema#member>"
    assert f"<{BASE}id/measure/2030> {member} <{MEASURE}>" in data


@pytest.mark.parametrize("place", ["id", "doc"])
@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("measure/2030/", "measure/2030"),
        ("measure//2030/2", "measure/2030/2"),
        ("Measure/2030/2", "measure/2030/2"),
        ("measure/2030/II-01/", "measure/2030/ii-01"),
        ("MEASURE/2030/2.TTL", "measure/2030/2.ttl"),
        ("thing/bla%CC%8A", "thing/bl%C3%A5"),
        ("thing/BL%C3%85", "thing/bl%C3%A5"),
    ],
)
def test_an_address_that_can_only_mean_one_thing_leads_to_it_for_good(
    web: FlaskClient, place: str, wrong: str, right: str
) -> None:
    answer = web.get(f"/{place}/{wrong}?format=ttl&other=x")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/{place}/{right}?format=ttl")
    assert web.get(answer.headers["Location"], follow_redirects=True).status_code == 200


def test_a_named_graph_shows_what_it_states(web: FlaskClient) -> None:
    page = web.get("/graph/measures/report", headers={"Accept": BROWSER}).text
    assert "Tiltakene i rapporten" in page
    assert 'href="/id/measure/2030/10"' in page
    data = triples(web.get("/graph/measures/report.nt").data, ox.RdfFormat.N_TRIPLES)
    graph = ox.NamedNode(f"{BASE}graph/measures/report")
    assert data == {str(ox.Quad(*quad.triple)) for quad in quads() if quad.graph_name == graph}
    assert web.get("/graph/measures/none").status_code == 404


def test_the_list_of_graphs_names_them_with_their_sizes(web: FlaskClient) -> None:
    page = web.get("/graph").text
    assert re.search(r'href="/graph/inferred".*?<td class="num">3</td>', page, re.DOTALL)


@pytest.mark.parametrize(("language", "label"), [("nb", "Tiltak"), ("nn", "Tiltak"), ("en", "Measure")])
def test_the_ontology_page_speaks_the_readers_language(web: FlaskClient, language: str, label: str) -> None:
    page = web.get(f"/ontology?lang={language}", headers={"Accept": BROWSER}).text
    definition = {"nb": "Noe som skal gjøres.", "nn": "Noko som skal gjerast.", "en": "Something to be done."}
    assert re.search(rf'id="Measure"><a [^>]*><span>{label}</span>', page)
    assert definition[language] in page
    assert not [text for tag, text in definition.items() if tag != language and text in page]


def test_the_ontology_is_data_too_and_without_what_follows(web: FlaskClient) -> None:
    data = triples(web.get("/ontology", headers={"Accept": "text/turtle"}).data, ox.RdfFormat.TURTLE)
    assert data == {
        str(ox.Quad(*quad.triple))
        for quad in quads()
        if quad.graph_name == ox.NamedNode(f"{BASE}graph/ontology/bibgraph")
    }
    assert web.get("/ontology.ttl").data == web.get("/ontology?format=ttl").data


def test_the_version_of_the_ontology_leads_to_it_and_no_other_does(web: FlaskClient) -> None:
    assert web.get("/ontology/0.1.0").headers["Location"] == "/ontology"
    assert web.get("/ontology/9.9.9").status_code == 404


def test_without_an_ontology_in_the_graph_there_is_no_page_of_it() -> None:
    assert client(f"<{MEASURE}> a <{ONTOLOGY}Measure> .").get("/ontology").status_code == 404


@given(st.text(min_size=1, max_size=20))
def test_no_path_ends_in_a_fault_of_ours(web: FlaskClient, key: str) -> None:
    for place in ("id", "doc", "graph", "queries", "ontology"):
        assert web.get(f"/{place}/{key}").status_code < 500
