"""The neighbourhood of a thing: a list that says all, and data that say the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import html

from bibgraph.describe import Describer, value_of
from bibgraph.namespaces import THINGS
from bibgraph.web.documents.neighbours import MOST, neighbourhood
from pages_world import page, real_app, real_graph
from site_checks import select

PLACE = "/neighbourhood/measure/2023-2025/14"
THINGS_OF_SEVERAL_KINDS = (
    *("measure/2023-2025/14", "strategy/2023-2025", "unit/bibliotekutvikling", "law/folkebibliotekloven/4"),
    *("source/statusrapport-2025-10-14", "organisation/nasjonalbiblioteket", "code/ongoing"),
)
LARGEST = 150_000


def data(key: str, language: str = "en") -> dict[str, Any]:
    answer = real_app().test_client().get(f"/neighbourhood/{key}.json?lang={language}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    told: dict[str, Any] = json.loads(answer.text)
    return told


@pytest.mark.parametrize("key", THINGS_OF_SEVERAL_KINDS)
def test_the_list_and_the_data_of_the_picture_say_the_same(key: str) -> None:
    told = data(key)
    tree = html.fromstring(page(f"/neighbourhood/{key}"))
    listed = [
        (
            "".join(select(item, "./p/b//text()")),
            [str(iri) for iri in select(item, "./ul/li/@data-iri")],
        )
        for item in select(tree, "//ul[@id='near-list']/li")
    ]
    assert listed
    assert listed == [(bond["property"], bond["things"]) for bond in told["bonds"]]
    mentioned = {iri for bond in told["bonds"] for iri in bond["things"]} | {told["thing"]}
    assert {thing["iri"] for thing in told["things"]} == mentioned


@pytest.mark.parametrize("key", THINGS_OF_SEVERAL_KINDS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_page_is_larger_than_pages_may_be(key: str, language: str) -> None:
    assert len(page(f"/neighbourhood/{key}", language).encode()) < LARGEST


@pytest.mark.parametrize("key", THINGS_OF_SEVERAL_KINDS)
def test_what_a_bond_says_stands_in_the_graph_and_nothing_is_left_out_unsaid(key: str) -> None:
    describer = Describer(real_graph().store, real_graph().repository)
    found = neighbourhood(describer, THINGS[key])
    assert found is not None
    whole = describer.describe(THINGS[key])
    assert whole is not None
    stated = {(s.subject.value, s.predicate, value_of(s.value)) for s in (*whole.statements, *whole.incoming)}
    for bond in found.bonds:
        assert 0 < len(bond.things) <= MOST
        assert not bond.more or len(bond.things) == MOST
        for other in bond.things:
            pair = (other, bond.property, found.thing) if bond.inward else (found.thing, bond.property, other)
            assert pair in stated


def test_what_is_too_much_is_counted_and_leads_to_the_whole() -> None:
    told = data("source/statusrapport-2025-10-14")
    cut = [bond for bond in told["bonds"] if bond["more"]]
    assert cut
    tree = html.fromstring(page("/neighbourhood/source/statusrapport-2025-10-14"))
    notes = [str(text) for text in select(tree, "//ul[@id='near-list']//li[@class='note']/a/text()")]
    assert notes == [f"and {bond['more']} more" for bond in cut]


@pytest.mark.parametrize(("language", "kind"), [("nb", "Milepæl"), ("nn", "Milepæl"), ("en", "Milestone")])
def test_names_are_in_the_readers_language(language: str, kind: str) -> None:
    assert kind in {thing.get("kind") for thing in data("measure/2023-2025/14", language)["things"]}
    assert kind in page(PLACE, language)


def test_links_go_on_in_the_language_that_was_chosen() -> None:
    around = [thing["around"] for thing in data("measure/2023-2025/14", "nn")["things"] if "around" in thing]
    assert around
    assert all(address.endswith(".json?lang=nn") for address in around)


def test_every_things_page_leads_to_its_neighbourhood() -> None:
    for key in THINGS_OF_SEVERAL_KINDS:
        assert f'href="/neighbourhood/{key}?lang=en"' in page(f"/doc/{key}")


def test_evidence_is_no_neighbour() -> None:
    assert not [thing for thing in data("measure/2023-2025/14")["things"] if "/id/quotation/" in thing["iri"]]


@pytest.mark.parametrize("key", ["measure/1999/1", "nothing.json", "x%20y"])
def test_there_is_no_neighbourhood_of_nothing(key: str) -> None:
    assert real_app().test_client().get(f"/neighbourhood/{key}").status_code == 404


def test_by_accept_the_same_address_gives_the_data() -> None:
    answer = real_app().test_client().get(PLACE, headers={"Accept": "application/json"})
    assert answer.mimetype == "application/json"
    assert "Accept" in answer.headers["Vary"]
    again = (
        real_app()
        .test_client()
        .get(PLACE, headers={"Accept": "application/json", "If-None-Match": answer.headers["ETag"]})
    )
    assert again.status_code == 304
