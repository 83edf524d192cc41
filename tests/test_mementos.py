"""Documents as they were: versions, TimeGates and TimeMaps, as RFC 7089 has them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bibgraph.catalogue import Catalogue
from bibgraph.config import Settings
from bibgraph.graph import Graph
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web import create_app
from bibgraph.web.documents.mementos import history
from releases_world import MEASURE, World, releases_world
from web_world import VERSION, quads

GONE = "/doc/layout/report/9"
KEPT = "/doc/measure/2030/1"
DAYS = ["Sun, 22 Nov 2026 00:00:00 GMT", "Tue, 01 Dec 2026 00:00:00 GMT", "Fri, 15 Jan 2027 00:00:00 GMT"]
LINK = re.compile(r'<([^>]*)>((?:; \w+="[^"]*")*)')


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return releases_world(tmp_path_factory.mktemp("project") / "root")


@pytest.fixture(scope="module")
def client(world: World) -> FlaskClient:
    return world.client()


def links(response: TestResponse) -> dict[str, str]:
    """Targets by relation."""
    text = ", ".join(response.headers.getlist("Link"))
    return {
        relation: target
        for target, parameters in LINK.findall(text)
        for relation in re.findall(r'rel="([^"]*)"', parameters)[0].split()
    }


def test_a_document_tells_of_its_versions(client: FlaskClient) -> None:
    found = links(client.get(KEPT))
    assert found["original"] == KEPT
    assert found["timegate"] == f"/timegate{KEPT}"
    assert found["timemap"] == f"/timemap{KEPT}"
    assert found["alternate"] == "/feed/measure/2030/1.atom"


@pytest.mark.parametrize(("version", "label"), [("1", "Ferdig i mai 2030."), ("2", "Ferdig i april 2030.")])
def test_a_version_says_what_was_said_then(client: FlaskClient, version: str, label: str) -> None:
    response = client.get(f"/doc/status/2030-05-01/1?version={version}", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert label in response.get_data(as_text=True)
    assert response.headers["Memento-Datetime"] == DAYS[int(version) - 1]
    assert "Content-Location" not in response.headers


def test_a_version_is_found_by_number_hash_its_beginning_and_day(client: FlaskClient, world: World) -> None:
    names = ("2", world.hashes[1], world.hashes[1][:12], "2026-12-31")
    bodies = {client.get(f"{KEPT}.nt?version={text}").data for text in names}
    assert len(bodies) == 1


def test_what_is_gone_is_still_there_as_it_was(client: FlaskClient) -> None:
    assert client.get(GONE).status_code == 410
    assert client.get(f"{GONE}?version=1").status_code == 200
    assert client.get(f"{GONE}?version=2").status_code in (404, 410)


def test_what_is_gone_is_gone_though_others_still_name_it(client: FlaskClient, world: World) -> None:
    named = f"{MEASURE}2"
    assert any(f"<{named}>" in str(quad.object) for quad in world.repository.quads("data"))
    for place in ("id", "doc"):
        for ending in ("", ".ttl", ".html"):
            answer = client.get(f"/{place}/measure/2030/2{ending}", headers={"Accept": "text/html"})
            assert answer.status_code == 410, (place, ending)
            assert f"{MEASURE}3" in answer.text, "its successor"
    assert client.get("/doc/measure/2030/2?version=1").status_code == 200


@pytest.mark.parametrize(
    "path", ["/doc", "/doc.ttl", "/doc/measure", "/doc/measure.jsonld", KEPT, f"{KEPT}.ttl", f"{KEPT}.html"]
)
def test_documents_in_every_form_lead_to_their_versions(client: FlaskClient, path: str) -> None:
    links = re.findall(r'<([^>]*)>; rel="([^"]*)"', " ".join(client.get(path).headers.getlist("Link")))
    found = {relation: target for target, relation in links}
    assert found["original"] == path
    assert client.get(found["timegate"]).status_code == 302
    assert client.get(found["timemap"]).mimetype == "application/link-format"
    mementos = [target for relation, target in found.items() if "memento" in relation.split()]
    assert mementos
    for target in mementos:
        assert client.get(target).headers["Memento-Datetime"]


@pytest.mark.parametrize("version", ["9", "0", "x", "abcdefabcdef", "2026-11-21"])
def test_there_is_no_such_release(client: FlaskClient, version: str) -> None:
    assert client.get(f"{KEPT}?version={version}").status_code == 404


def test_versions_are_linked_to_each_other(client: FlaskClient) -> None:
    found = links(client.get(f"{KEPT}?version=2"))
    assert [found[name] for name in ("first", "prev", "next", "last")] == [
        f"{KEPT}?version={number}" for number in (1, 1, 3, 3)
    ]


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("Sat, 01 Jan 2000 00:00:00 GMT", 1),
        (DAYS[0], 1),
        ("Mon, 30 Nov 2026 23:59:59 GMT", 1),
        (DAYS[1], 2),
        ("Sat, 01 Jan 2050 00:00:00 GMT", 3),
    ],
)
@pytest.mark.parametrize("address", [KEPT, f"/timegate{KEPT}"])
def test_a_time_leads_to_the_version_in_force_then(
    client: FlaskClient, address: str, moment: str, number: int
) -> None:
    response = client.get(address, headers={"Accept-Datetime": moment})
    assert (response.status_code, response.headers["Location"]) == (302, f"{KEPT}?version={number}")
    assert "accept-datetime" in response.headers["Vary"].lower()
    assert links(response)["original"] == KEPT


def test_a_time_gate_without_a_time_leads_to_the_newest_version(client: FlaskClient) -> None:
    assert client.get(f"/timegate{GONE}").headers["Location"] == f"{GONE}?version=1"


def test_the_format_asked_for_is_kept(client: FlaskClient) -> None:
    moment = {"Accept-Datetime": DAYS[1]}
    assert client.get(f"{KEPT}.ttl", headers=moment).headers["Location"] == f"{KEPT}.ttl?version=2"
    assert (
        client.get(f"{KEPT}?format=nt", headers=moment).headers["Location"] == f"{KEPT}?version=2&format=nt"
    )


@pytest.mark.parametrize("address", [KEPT, f"/timegate{KEPT}"])
def test_a_time_that_cannot_be_read(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers={"Accept-Datetime": "in May"}).status_code == 400


def test_a_time_map_lists_all_versions(client: FlaskClient) -> None:
    response = client.get(f"/timemap{KEPT}")
    assert response.content_type == "application/link-format"
    found = LINK.findall(response.get_data(as_text=True))
    assert [(target, re.findall(r'rel="([^"]*)"', rest)[0]) for target, rest in found] == [
        (f"http://localhost{KEPT}", "original"),
        (f"http://localhost/timegate{KEPT}", "timegate"),
        (f"http://localhost/timemap{KEPT}", "self"),
        (f"http://localhost{KEPT}?version=1", "first memento"),
        (f"http://localhost{KEPT}?version=2", "memento"),
        (f"http://localhost{KEPT}?version=3", "last memento"),
    ]
    assert [re.findall(r'datetime="([^"]*)"', rest) for _, rest in found[3:]] == [[day] for day in DAYS]


def test_a_time_map_with_other_addresses_in_it_has_another_tag(client: FlaskClient) -> None:
    asked = [{"X-Forwarded-Proto": scheme} for scheme in ("http", "https")] + [{"Host": "other.example"}]
    for path in (f"/timemap{KEPT}", f"/timemap{KEPT}?format=nt", "/timemap/doc"):
        found = [client.get(path, headers=headers) for headers in asked]
        assert len({answer.data for answer in found}) == 3
        assert len({answer.headers["ETag"] for answer in found}) == 3
        again = client.get(path, headers=asked[0])
        assert again.headers["ETag"] == found[0].headers["ETag"]


def test_a_collection_has_versions_too(client: FlaskClient) -> None:
    assert client.get("/timegate/doc/measure/2030").headers["Location"] == "/doc/measure/2030?version=3"
    assert client.get("/doc/measure/2030?version=1").status_code == 200


@pytest.mark.parametrize(
    "address", ["/timegate/doc/measure/9", "/timemap/doc/nothing", "/timegate/doc.z", "/timemap/doc.z.ttl"]
)
def test_what_never_was_has_no_versions(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_another_graph_does_not_have_the_projects_log(world: World) -> None:
    root = world.repository.root
    for version in (VERSION, "f" * 64, "remote:elsewhere"):
        graph = Graph(Repository(root), EmbeddedStore(quads(), version), Catalogue([]))
        assert history(graph).log.releases == ()
    graph = Graph(Repository(root), EmbeddedStore(quads(), world.hashes[0]), Catalogue([]))
    assert len(history(graph).log.releases) == 3


def test_a_graph_of_which_is_heard_later_has_the_projects_log_then(world: World) -> None:
    store = EmbeddedStore(quads(), "remote:elsewhere")
    app = create_app(Settings(), Graph(Repository(world.repository.root), store, Catalogue([])))
    paths = ("/doc/measure/2030?version=1", "/timemap/doc/measure/2030", "/changes/releases/1.nq")
    assert [app.test_client().get(path).status_code for path in paths] == [404] * 3
    store.version = world.hashes[0]
    assert [app.test_client().get(path).status_code for path in paths] == [200] * 3
