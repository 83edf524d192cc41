"""What the forms of ready questions offer out of the graph, and what becomes of names that are written."""

from __future__ import annotations

import html
import json
import re
from functools import cache

import pytest

from bibgraph.web.parts.ordering import alphabetical
from pages_world import page, real_app, real_graph

LISTED = (
    "act-history",
    "law-timeline",
    "measure-lineage",
    "projects-by-scheme",
    "status-history",
    "unit-history",
)


@cache
def options(question: str, language: str = "nb", told: str = "") -> list[tuple[str, str]]:
    """The values and names in the list of a question's thing."""
    text = page(f"/queries/{question}{told}", language)
    field = re.search(r'<select id="p-(?:law|thing|measure)"[^>]*>(.*?)</select>', text)
    assert field, question
    found = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', field[1])
    return [(value, html.unescape(label)) for value, label in found]


@pytest.mark.parametrize("question", LISTED)
def test_things_are_chosen_from_a_list_by_name_and_each_has_an_answer(question: str) -> None:
    found = options(question)
    assert found[0] == ("", "alle")
    assert len(found) > 3
    name = real_graph().catalogue.get(question).parameters[-1 if question == "status-history" else 0].name
    for value, _ in (found[1], found[-1]):
        rows = real_app().test_client().get(f"/queries/{question}.csv", query_string={name: value}).text
        assert rows.count("\n") > 1, value


def test_names_of_things_are_in_the_readers_language_and_in_norwegian_order() -> None:
    measures = dict(options("status-history", "nn"))
    assert measures["measure/2023-2025/14"] == "Tiltak 14: infrastruktur for metadata"
    assert measures["measure/2023-2025/1"] == "Tiltak 1: midlar til aktiv formidling"
    assert list(measures).index("measure/2023-2025/2") < list(measures).index("measure/2023-2025/14")
    spelt = ["Tiltak 2", "Tiltak 14", "zebra", "Ære", "Øst", "Österreich", "Ås"]
    assert sorted(set(spelt), key=alphabetical) == spelt
    assert max(["e-bok", "én", "ein"], key=alphabetical) == "én"


def test_kinds_of_things_are_groups_and_what_is_chosen_stays_chosen() -> None:
    text = page("/queries/unit-history?thing=https://w3id.org/bibgraph/id/unit/bibliotekutvikling", "nb")
    assert '<optgroup label="Organ">' in text
    assert '<option value="unit/bibliotekutvikling" selected>Bibliotekutvikling</option>' in text
    other = page("/queries/unit-history?thing=measure/2023-2025/14")
    assert '<option value="measure/2023-2025/14" selected>' in other


def test_a_name_or_the_end_of_a_key_means_the_thing_that_alone_has_it() -> None:
    client = real_app().test_client()
    by_name = client.get("/queries/unit-history.csv", query_string={"thing": "Oppland fylkesbibliotek"})
    key = "organisation/oppland-fylkesbibliotek"
    assert by_name.data == client.get(f"/queries/unit-history.csv?thing={key}").data
    assert by_name.text.count("\n") > 1
    by_end = client.get("/queries/status-history.csv?measure=2023-2025/14")
    assert by_end.data == client.get("/queries/status-history.csv?measure=measure/2023-2025/14").data


@pytest.mark.parametrize("question", LISTED)
def test_programs_are_told_all_things_that_a_value_can_be(question: str) -> None:
    name = real_graph().catalogue.get(question).parameters[-1 if question == "status-history" else 0].name
    told = real_app().test_client().get(f"/queries/{question}.json", query_string={name: "nonsense"})
    assert told.status_code == 400
    members = json.loads(told.data)
    assert members["parameter"] == name
    assert set(members["allowed"]) == {value for value, _ in options(question) if value}


def test_names_that_hold_the_words_are_offered_where_none_is_meant() -> None:
    answer = (
        real_app()
        .test_client()
        .get("/queries/unit-history?thing=fylkesbibliotek&lang=nb", headers={"Accept": "text/html"})
    )
    assert answer.status_code == 400
    offered = re.findall(
        r'<a href="(/queries/unit-history\?thing=[^"]*)"', answer.text.partition('role="alert"')[2]
    )
    assert len(offered) > 3
    there = real_app().test_client().get(html.unescape(offered[0]), headers={"Accept": "text/html"})
    assert there.status_code == 200


def test_many_things_are_looked_for_by_name_and_days_of_reports_are_offered() -> None:
    field = re.search(r'<input type="text" id="p-thing"[^>]*>', page("/queries/quotations"))
    assert field
    assert 'data-suggest="/search/suggest?lang=en"' in field[0]
    assert '<datalist id="l-date"><option value="2025-10-14">' in page("/queries/measures-by-status")


def test_a_chart_that_has_no_room_for_all_rows_shows_the_first_and_says_so() -> None:
    text = page("/queries/projects-by-theme")
    assert 'role="img"' in text
    assert "The chart has room for the first 60 rows." in text
