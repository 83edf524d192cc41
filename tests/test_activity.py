"""The stream of changes: what LD4's API and LDES demand, and the graph replayed from it in either dialect."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from bibgraph.publish import activity
from bibgraph.publish.activity import AS, EMM, LDES, PAGE_SIZE, STREAM, TREE
from bibgraph.publish.patches import read
from bibgraph.publish.releases import Log
from bibgraph.repository import Repository, version_of
from bibgraph.web.server import gateway
from releases_world import MEASURE, World, release, releases_world
from small_repository import small_repository

Node = dict[str, Any]
SITE = "http://localhost/"
ENTRY = f"{SITE}changes/activity"
CONTEXTS = ["https://www.w3.org/ns/activitystreams", "https://emm-spec.org/1.0/context.json"]
KINDS = {"Create", "Add", "Update", "Deprecate", "Delete", "Remove"}
PUBLISHED = ox.NamedNode(f"{AS}published")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return releases_world(tmp_path_factory.mktemp("project") / "root")


@pytest.fixture(scope="module")
def client(world: World) -> FlaskClient:
    return world.client()


def get(client: FlaskClient, address: str) -> Node:
    response = client.get(address.removeprefix(SITE))
    assert response.status_code == 200, address
    assert response.content_type == "application/activity+json"
    node: Node = response.get_json(force=True)
    return node


def pages(client: FlaskClient) -> Iterator[Node]:
    """All pages, by the links from the entry point on."""
    address = get(client, ENTRY)["first"]["id"]
    while address:
        node = get(client, address)
        assert node["id"] == address
        yield node
        address = node.get("next", {}).get("id", "")


def rdf(client: FlaskClient, address: str) -> list[ox.Quad]:
    response = client.get(address.removeprefix(SITE), headers={"Accept": "application/trig"})
    assert (response.status_code, response.mimetype) == (200, "application/trig")
    return list(ox.parse(response.data, format=ox.RdfFormat.TRIG))


def objects(quads: list[ox.Quad], subject: str, predicate: str) -> list[str]:
    return [
        q.object.value
        for q in quads
        if q.subject == ox.NamedNode(subject)
        and q.predicate.value == predicate
        and isinstance(q.object, ox.NamedNode | ox.Literal)
    ]


# --- LD4 Entity Metadata Management API 1.0 ---


def test_the_entry_point_is_what_ld4_demands(client: FlaskClient, world: World) -> None:
    entry = get(client, ENTRY)
    assert entry["@context"][-2:] == CONTEXTS
    assert (entry["type"], entry["id"]) == ("OrderedCollection", ENTRY)
    assert entry["summary"]
    every = list(pages(client))
    assert entry["first"] == {"type": "OrderedCollectionPage", "id": every[0]["id"]}
    assert entry["last"] == {"type": "OrderedCollectionPage", "id": every[-1]["id"]}
    assert entry["totalItems"] == sum(len(page["orderedItems"]) for page in every)
    assert entry["totalItems"] == sum(sum(release.things.values()) for release in world.log.releases)


def test_pages_are_change_sets_in_the_order_of_time(client: FlaskClient) -> None:
    every = list(pages(client))
    times = []
    for number, page in enumerate(every):
        assert page["@context"][-2:] == CONTEXTS
        assert page["type"] == "OrderedCollectionPage"
        assert page["partOf"] == {"id": ENTRY, "type": "OrderedCollection"}
        assert page["totalItems"] == len(page["orderedItems"]) <= PAGE_SIZE
        assert page.get("prev", {}).get("id") == (every[number - 1]["id"] if number else None)
        times += [item["published"] for item in page["orderedItems"]]
    assert len(every) > 3
    assert times == sorted(times)


def test_activities_have_type_time_object_and_summary(client: FlaskClient) -> None:
    items = [item for page in pages(client) for item in page["orderedItems"]]
    assert {item["type"] for item in items} == {"Create", "Update", "Deprecate", "Delete"} < KINDS
    for item in items:
        assert item["summary"]
        assert item["object"]["id"].startswith(("http://", "https://"))
        assert item["object"]["updated"] == item["published"]
    gone = next(item for item in items if item["object"]["id"] == f"{MEASURE}2" and item["type"] == "Delete")
    assert gone["summary"].endswith(": Tiltak 2 (Tiltak)")
    assert "result" not in gone


def test_an_activity_can_be_had_by_itself(client: FlaskClient) -> None:
    page = list(pages(client))[-1]
    item = page["orderedItems"][0]
    alone = get(client, SITE + item["id"].removeprefix("https://w3id.org/bibgraph/"))
    assert alone.pop("@context") == page["@context"]
    assert alone.pop("partOf") == {"id": page["id"], "type": "OrderedCollectionPage"}
    assert alone == item


def test_the_graph_is_replayed_from_the_patches_of_the_activities(client: FlaskClient, world: World) -> None:
    state: set[ox.Quad] = set()
    patches = dict.fromkeys(i["instrument"]["id"] for page in pages(client) for i in page["orderedItems"])
    for address, version in zip(patches, world.hashes, strict=True):
        response = client.get(address.removeprefix(SITE))
        assert response.mimetype == "application/rdf-patch"
        for change in read(response.get_data(as_text=True), address):
            state = state - set(change.removed) | set(change.added)
        assert version_of(state) == version
    assert version_of(state) == world.repository.version


# --- LDES ---


def test_the_root_node_leads_to_every_page_with_both_bounds(client: FlaskClient) -> None:
    quads = rdf(client, ENTRY)
    assert objects(quads, STREAM, f"{TREE}view") == [ENTRY]
    assert objects(quads, STREAM, f"{LDES}timestampPath") == [f"{AS}published"]
    assert objects(quads, STREAM, f"{LDES}versionOfPath") == [f"{AS}object"]
    bounds: dict[str, set[str]] = {}
    store = ox.Store()
    store.extend(quads)
    query = f"""SELECT ?node ?type ?path ?value WHERE {{ <{ENTRY}> <{TREE}relation> ?relation .
        ?relation a ?type ; <{TREE}node> ?node ; <{TREE}path> ?path ; <{TREE}value> ?value }}"""
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        assert (row["path"], row["value"].datatype.value.endswith("#dateTime")) == (PUBLISHED, True)
        bounds.setdefault(row["node"].value, set()).add(row["type"].value.removeprefix(TREE))
    both = {"GreaterThanOrEqualToRelation", "LessThanOrEqualToRelation"}
    assert bounds == {page["id"]: both for page in pages(client)}


def test_members_are_the_activities_and_full_pages_never_change(client: FlaskClient) -> None:
    every = list(pages(client))
    for page in every:
        quads = rdf(client, page["id"])
        assert sorted(objects(quads, STREAM, f"{TREE}member")) == sorted(
            i["id"] for i in page["orderedItems"]
        )
        is_last = page is every[-1]
        assert objects(quads, page["id"], f"{LDES}immutable") == ([] if is_last else ["true"])
        cached = client.get(page["id"].removeprefix(SITE)).headers["Cache-Control"]
        assert ("immutable" in cached) is not is_last


def test_the_graph_is_replayed_from_the_members(client: FlaskClient, world: World) -> None:
    """As LDES clients do: the newest member of each thing wins, and its graph is what is said of it."""
    said: dict[str, set[ox.Triple]] = {}
    for page in pages(client):
        quads = rdf(client, page["id"])
        for item in page["orderedItems"]:
            graph = ox.NamedNode(item["id"])
            said[item["object"]["id"]] = {quad.triple for quad in quads if quad.graph_name == graph}
    replayed = {ox.Quad(*triple) for triples in said.values() for triple in triples}
    now = {ox.Quad(*quad.triple) for quad in world.repository.quads("ontology", "data")}
    assert not said[f"{MEASURE}2"]
    assert version_of(replayed) == version_of(now)


def test_json_and_rdf_say_the_same(client: FlaskClient) -> None:
    page = list(pages(client))[-1]
    told = {q for q in rdf(client, page["id"]) if isinstance(q.graph_name, ox.DefaultGraph)}
    assert version_of(told) == version_of(activity.quads(page))
    deprecate = ox.NamedNode(f"{EMM}Deprecate")
    assert [q for q in told if q.object == deprecate]


# --- on the web ---


@pytest.mark.parametrize(
    ("address", "accept", "kind"),
    [
        ("changes/activity", "", "application/activity+json"),
        ("changes/activity", "application/ld+json", "application/ld+json"),
        ("changes/activity", "text/turtle", "text/turtle"),
        ("changes/activity.jsonld", "text/turtle", "application/ld+json"),
        ("changes/activity/page/1.trig", "", "application/trig"),
        ("changes/activity/page/1?format=nq", "", "application/n-quads"),
    ],
)
def test_formats(client: FlaskClient, address: str, accept: str, kind: str) -> None:
    response = client.get(address, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, kind)
    assert response.headers["ETag"]


def test_answers_that_name_the_site_are_not_kept_for_another_one(client: FlaskClient) -> None:
    other = client.get("changes/activity", headers={"Host": "graf.example", "X-Forwarded-Proto": "https"})
    assert other.get_json(force=True)["id"] == "https://graf.example/changes/activity"
    assert other.headers["ETag"] != client.get("changes/activity").headers["ETag"]
    assert {"host", "x-forwarded-proto", "accept-datetime"} <= set(gateway._VARYING)


def test_the_stream_was_changed_with_the_latest_release(tmp_path: Path) -> None:
    root = small_repository(tmp_path / "root").root
    release(root, "2020-02-29")
    client = World(Repository(root), Log.read(root), ()).client()
    modified = client.get("changes/activity").headers["Last-Modified"]
    assert modified == "Sat, 29 Feb 2020 00:00:00 GMT"


def test_where_no_server_looks_at_accept_links_keep_the_ending(client: FlaskClient) -> None:
    entry = client.get("changes/activity.jsonld").get_json(force=True)
    assert entry["id"] == f"{ENTRY}.jsonld"
    first = client.get(entry["first"]["id"].removeprefix(SITE)).get_json(force=True)
    assert first["partOf"]["id"] == entry["id"]
    assert first["next"]["id"] == f"{ENTRY}/page/2.jsonld"


@pytest.mark.parametrize(
    "address",
    [
        "changes/activity/page/0",
        "changes/activity/page/99",
        "changes/activity/9/1",
        "changes/activity/1/0",
        "changes/releases/9.rdfp",
        "changes/releases/0.nq",
    ],
)
def test_there_is_no_more_than_there_is(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_who_reads_gets_pages_that_tell_the_same(client: FlaskClient) -> None:
    told = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    entry = client.get("changes/activity", headers=told)
    assert (entry.status_code, entry.mimetype) == (200, "text/html")
    parts = [node["id"].removeprefix(SITE) for node in pages(client)]
    rows = 0
    for part in parts:
        assert f'href="/{part}"' in entry.text
        page = client.get(part, headers=told)
        assert (page.status_code, page.mimetype) == (200, "text/html")
        rows += page.text.count('<th scope="row">')
        for item in get(client, SITE + part)["orderedItems"]:
            assert item["summary"].partition("(")[0].strip() in html.unescape(page.text)
    assert rows == get(client, ENTRY)["totalItems"]
    one = client.get("changes/activity/1/1?lang=en", headers=told)
    assert (one.status_code, one.mimetype) == (200, "text/html")
    assert "New:" in one.text
    assert client.get("changes/activity", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("changes/activity", headers={"Accept": "*/*"}).mimetype == "application/activity+json"
    assert client.get("changes/activity.html").mimetype == "text/html"


def test_releases_are_listed_and_can_be_had(client: FlaskClient, world: World) -> None:
    listed = client.get("changes/releases", headers={"Accept": "application/json"}).get_json()
    assert [release["version"] for release in listed] == list(reversed(world.hashes))
    page = client.get("changes/releases", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "/changes/releases/3.rdfp" in page
    assert "Andre." in page
    state = list(ox.parse(client.get("changes/releases/2.nq").data, format=ox.RdfFormat.N_QUADS))
    assert version_of(state) == world.hashes[1]


def test_without_releases_everything_is_empty(tmp_path: Path) -> None:
    repository = small_repository(tmp_path / "root")
    client = World(repository, Log.read(repository.root), ()).client()
    entry = get(client, ENTRY)
    assert (entry["totalItems"], entry["tree:relation"], "first" in entry) == (0, [], False)
    assert client.get("changes/releases", headers={"Accept": "application/json"}).get_json() == []
    assert client.get("feed/measure/2030/1").status_code == 200
    assert b"<entry>" not in client.get("feed").data
