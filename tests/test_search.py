"""Search over labels, texts, comments and quotations."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.web.search.index import SearchIndex, Text
from pages_world import page

T = "http://a.example/"
INDEX = SearchIndex(
    [
        Text(T + "1", "p", "Metadatabrønnen", "nb", 4),
        Text(T + "2", "p", "Kontrakt om utvikling av Metadatabrønnen inngått", "nb", 1),
        Text(T + "3", "p", "Nasjonal bibliotekstrategi 2020–2023", "nb", 4),
        Text(T + "4", "p", "libraries lending books", "en", 4),
        Text(T + "4", "q", "låner ut bøker", "nb", 1),
    ]
)


def found(query: str) -> list[str]:
    return [hit.thing.removeprefix(T) for hit in INDEX.find(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("metadatabrønn", ["1", "2"]),
        ("Metadatabrønnene", ["1", "2"]),
        ("brønnen", ["1", "2"]),
        ("brønn kontrakt", ["2"]),
        ("bibliotekstrategien", ["3"]),
        ("library", ["4"]),
        ("lånte bøker", []),
        ("bøkene", ["4"]),
        ("2023", ["3"]),
        ("xyz", []),
        ("", []),
        ('" OR * NEAR(', []),
    ],
)
def test_other_endings_and_parts_of_compounds_are_found(query: str, expected: list[str]) -> None:
    assert found(query) == expected


def test_names_come_before_mere_mentions_and_the_words_sought_are_marked() -> None:
    hit = INDEX.find("metadatabrønn")[1]
    assert [text for text, sought in hit.pieces if sought] == ["Metadatabrønnen"]
    assert "".join(text for text, _ in hit.pieces) == "Kontrakt om utvikling av Metadatabrønnen inngått"


def test_a_misspelt_word_leads_to_the_one_that_was_meant() -> None:
    assert INDEX.meant("metadatabronnen") == "metadatabrønnen"
    assert INDEX.meant("metadatabrønnen") == ""


def test_a_long_text_is_cut_around_what_was_sought() -> None:
    long = SearchIndex([Text(T + "1", "p", "start " * 100 + "mål" + " slutt" * 100, "nb", 1)])
    [hit] = long.find("mål")
    assert len("".join(text for text, _ in hit.pieces)) < 250


@given(st.text(max_size=80))
def test_no_query_breaks_the_index(query: str) -> None:
    for hit in INDEX.find(query):
        assert hit.pieces
    assert isinstance(INDEX.meant(query), str)


def test_it_may_be_asked_from_several_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(len(hits) == 2 for hits in pool.map(INDEX.find, ["brønnen"] * 200))


def test_the_page_shows_what_was_found_with_the_passage_and_ways_to_narrow_it() -> None:
    text = page("/search?q=metadata")
    assert re.search(r"\d+ things found", text)
    assert "<mark>metadata</mark>" in text
    narrowed = re.search(r'href="(/search\?q=metadata&amp;kind=[^"]+)"', text)
    assert narrowed
    less = page(narrowed[1].replace("&amp;", "&").replace("&lang=en", ""))
    assert 'aria-current="true"' in less
    assert _count(less) < _count(text)


def test_facets_of_measures_are_main_line_status_and_unit() -> None:
    text = page("/search?q=bibliotek&kind=ontology%23Measure")
    for heading in ("Main line", "Status", "Unit"):
        assert f">{heading}</h3>" in text


def test_an_empty_search_and_one_without_hits_say_what_to_do() -> None:
    assert "things found" not in page("/search")
    assert "Nothing was found" in page("/search?q=qqqqzzzz")
    assert page("/search?q=%3Cscript%3E").count("<script") == 0


def _count(text: str) -> int:
    match = re.search(r"(\d+) things? found", text)
    assert match
    return int(match[1])
