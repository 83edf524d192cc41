"""Atom feeds: valid, stable, in pages, and enough to know which things there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml.etree import _Element as Element
from lxml.etree import fromstring

from bibgraph.publish.feeds import addresses
from releases_world import MEASURE, OBSERVATION, World, releases_world

ATOM = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:w3id\.org,2026:bibgraph/.+")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return releases_world(tmp_path_factory.mktemp("project") / "root")


@pytest.fixture(scope="module")
def client(world: World) -> FlaskClient:
    return world.client()


def feed(client: FlaskClient, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return fromstring(response.data)


def links(element: Element) -> dict[str, str]:
    return {str(link.get("rel")): str(link.get("href")) for link in element.findall(f"{ATOM}link")}


def all_entries(client: FlaskClient, address: str) -> Iterator[Element]:
    while address:
        page = feed(client, address)
        yield from page.findall(f"{ATOM}entry")
        address = links(page).get("next", "").removeprefix("http://localhost")


def text(element: Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


@pytest.mark.parametrize("address", ["/feed", "/feed.atom", "/feed/page/2.atom", "/feed/measure/2030/1.atom"])
def test_a_feed_has_what_rfc_4287_demands(client: FlaskClient, address: str) -> None:
    page = feed(client, address)
    assert page.tag == f"{ATOM}feed"
    for element in (page, *page.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert TAG.fullmatch(text(element, "id"))
        assert datetime.fromisoformat(text(element, "updated")).tzinfo
    assert page.findtext(f"{ATOM}author/{ATOM}name")
    assert {"self", "alternate"} <= links(page).keys()
    assert page.findall(f"{ATOM}entry")


def test_the_record_set_is_replayed_from_the_feed(client: FlaskClient, world: World) -> None:
    """The newest entry of each thing says whether it is there."""
    alive: dict[str, bool] = {}
    for entry in all_entries(client, "/feed.atom"):
        via = links(entry)["via"].removeprefix("http://localhost/")
        thing = (
            client.get(via).get_json(force=True)["object"]["id"] if entry_is_odd(entry) else address_of(entry)
        )
        kind = entry.findall(f"{ATOM}category")[0].get("term")
        alive.setdefault(thing, kind != "Delete")
    now = {q.subject.value for q in world.log.state(3) if isinstance(q.subject, ox.NamedNode)}
    assert {thing for thing, is_alive in alive.items() if is_alive} == now


def entry_is_odd(entry: Element) -> bool:
    """Whether its link leads to a document, not to the thing itself."""
    return links(entry)["alternate"].startswith("http://localhost/")


def address_of(entry: Element) -> str:
    return links(entry)["alternate"]


def test_entries_come_newest_first_and_each_has_an_id_of_its_own(client: FlaskClient) -> None:
    entries = list(all_entries(client, "/feed.atom"))
    times = [text(entry, "updated") for entry in entries]
    assert times == sorted(times, reverse=True)
    assert len({text(entry, "id") for entry in entries}) == len(entries) > 100


def test_pages_are_linked_both_ways(client: FlaskClient) -> None:
    first, second = feed(client, "/feed"), feed(client, "/feed/page/2.atom")
    assert links(first)["next"] == links(second)["self"]
    assert links(second)["previous"] == links(first)["self"] == links(second)["first"]
    assert "previous" not in links(first)
    assert client.get(links(first)["last"]).status_code == 200


def test_the_feed_of_a_measure_tells_what_reports_say_of_it(client: FlaskClient) -> None:
    page = feed(client, "/feed/measure/2030/1")
    found = {text(entry, "title"): text(entry, "content") for entry in page.findall(f"{ATOM}entry")}
    changed = next(content for title, content in found.items() if "Ferdig i april" in content)
    assert changed == "− bg:comment Ferdig i mai 2030.\n+ bg:comment Ferdig i april 2030."
    assert text(page, "title").endswith(" Tiltak 1")


def test_an_entry_leads_to_the_thing_as_it_was(client: FlaskClient) -> None:
    found = {links(e)["alternate"].removeprefix("http://localhost") for e in all_entries(client, "/feed")}
    assert f"/doc/{OBSERVATION.partition('/id/')[2]}?version=2" in found
    gone = f"/doc/{MEASURE.partition('/id/')[2]}2?version=1"
    assert gone in found  # of what went, the last version
    assert client.get(gone).status_code == 200


def test_the_language_is_the_readers(client: FlaskClient) -> None:
    page = fromstring(client.get("/feed", headers={"Accept-Language": "en"}).data)
    assert page.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert text(page, "title") == "Changes in the graph of library policy"


@pytest.mark.parametrize(
    "address", ["/feed/measure/2030/99", "/feed/page/99", "/feed/page/0.atom", "/feed/%22"]
)
def test_there_is_no_feed_of_what_never_was(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_addresses_for_files_are_all_served(client: FlaskClient, world: World) -> None:
    found = list(addresses(world.versions, [f"{MEASURE}1"]))
    assert len(set(found)) == len(found)
    assert {"feed.atom", "feed/measure/2030/1.atom", "changes/activity.trig", "changes/releases/3.nq"} <= set(
        found
    )
    assert {client.get(f"/{address}").status_code for address in found} == {200}
