"""The SPARQL page as it is sent: ways to take an answer away, where an error stands, and words to suggest."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

from bibgraph.namespaces import PREFIXES
from pages_world import real_app
from site_checks import select

PEOPLE = {"Accept": "text/html"}


def form(query: str, language: str = "en") -> tuple[int, html.HtmlElement]:
    answer = real_app().test_client().get(f"/sparql?lang={language}&query={quote(query)}", headers=PEOPLE)
    return answer.status_code, html.fromstring(answer.text)


def cells(tree: html.HtmlElement) -> list[str]:
    return ["".join(cell.itertext()).strip() for cell in select(tree, "//div[@id='outcome']//tbody//td")]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * { ?s a ?kind } LIMIT 2", ["JSON", "XML", "CSV", "TSV"]),
        ("ASK { ?s ?p ?o }", ["JSON", "XML"]),
        (
            "CONSTRUCT WHERE { ?s a ?kind } LIMIT 2",
            ["Turtle", "N-Triples", "JSON-LD", "RDF/XML", "TriG", "NQ"],
        ),
    ],
)
def test_an_answer_can_be_taken_away_in_every_format_that_it_has(query: str, names: list[str]) -> None:
    status, tree = form(query)
    assert status == 200
    links = select(tree, "//div[@id='outcome']//p[@class='row small']/a")
    assert ["".join(link.itertext()) for link in links] == names
    for link in links:
        answer = real_app().test_client().get(link.get("href", ""))
        assert answer.status_code == 200
        assert answer.data


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("1" * 5, "11,111"),
        *((number, number) for number in ("1" * 26, "1" * 4301, "2" * 26 + ".5")),
    ],
    ids=["short", "more than decimal takes", "more than int takes", "decimal"],
)
def test_a_number_of_any_length_is_shown(digits: str, shown: str) -> None:
    status, tree = form(f'SELECT * {{ VALUES ?number {{ "{digits}"^^<{PREFIXES["xsd"]}decimal> }} }}')
    assert (status, cells(tree)) == (200, [shown])


@pytest.mark.parametrize("date", ["0000-05", "0000-05-01", "0000", "9" * 30, "2025-02-30", "0000-05/.."])
def test_a_date_that_no_calendar_here_has_is_shown_as_it_is(date: str) -> None:
    status, tree = form(f'SELECT ("{date}"^^<{PREFIXES["edtf"]}EDTF> AS ?date) {{}}')
    assert status == 200
    assert date in cells(tree)[0]


def test_a_query_too_long_for_an_address_has_no_links_that_would_fail() -> None:
    status, tree = form(f"ASK {{}} # {'x' * 6000}")
    assert status == 200
    assert not select(tree, "//div[@id='outcome']//p[@class='row small']/a")


def test_the_page_names_the_line_and_column_of_an_error_for_the_editor() -> None:
    status, tree = form("SELECT *\nWHERE { ?s ?p & }")
    assert status == 400
    assert select(tree, "//*[@role='alert']/@data-at") == ["2:15"]


def words(language: str) -> dict[str, Any]:
    answer = real_app().test_client().get(f"/sparql/words?lang={language}")
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.text)
    return told


@pytest.mark.parametrize(
    ("language", "name"), [("nb", "Hovedlinje"), ("nn", "Hovudlinje"), ("en", "Main line")]
)
def test_words_have_names_and_definitions_in_the_readers_language(language: str, name: str) -> None:
    found = {word["word"]: word for word in words(language)["words"]}
    assert found["bg:MainLine"]["name"] == name
    assert found["bg:MainLine"]["about"]
    assert found["bg:MainLine"]["role"] == "class"
    assert found["bg:mainLine"]["role"] == "property"
    assert found["code:closed"]["role"] == "code"


def test_every_word_can_be_written_with_the_prefixes_that_come_with_it() -> None:
    told = words("en")
    assert told["prefixes"] == PREFIXES
    assert len(told["words"]) > 200
    for word in told["words"]:
        prefix, _, local = word["word"].partition(":")
        assert prefix in told["prefixes"]
        assert re.fullmatch(r"[\w-]+", local)


def test_words_differ_by_language_and_say_so() -> None:
    client = real_app().test_client()
    first = client.get("/sparql/words", headers={"Accept-Language": "nn"})
    other = client.get("/sparql/words", headers={"Accept-Language": "en"})
    assert first.data != other.data
    assert first.headers["ETag"] != other.headers["ETag"]
    assert "Accept-Language" in first.headers["Vary"]
