"""Search over labels, texts, comments and quotations."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.web.search.completing import Completions
from bibgraph.web.search.index import SearchIndex, Text
from bibgraph.web.search.likeness import Likeness
from bibgraph.web.search.spelling import alike
from pages_world import page, real_app

T = "http://a.example/"
BOTH = (
    ("tenester", "tjenester"),
    ("tenesta", "tjenesten"),
    ("ikkje", "ikke"),
    ("frå", "fra"),
    ("kva", "hvilke"),
    ("biblioteka", "bibliotekene"),
    ("skulebibliotek", "skolebibliotekene"),
    ("kjeldene", "kildene"),
    ("offentleg", "offentlige"),
    ("strategiane", "strategiene"),
    ("einingar", "enheter"),
    ("løysinga", "løsningen"),
    ("namn", "navnene"),
    ("hovudlinja", "hovedlinjene"),
    ("forskinga", "forskningen"),
    ("tilskot", "tilskuddet"),
    ("utgåva", "utgaven"),
    ("verksemder", "virksomheten"),
    ("milepælar", "milepæler"),
    ("nettstader", "nettstedet"),
)
"""The same word in nynorsk and in bokmål, with endings of their own."""
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


@pytest.mark.parametrize(("nynorsk", "bokmaal"), BOTH)
def test_a_word_in_one_form_of_norwegian_finds_that_in_the_other(nynorsk: str, bokmaal: str) -> None:
    texts = [
        Text(T + "1", "p", f"en {nynorsk} her", "nn", 1),
        Text(T + "2", "p", f"en {bokmaal} der", "nb", 1),
    ]
    index = SearchIndex([*texts, Text(T + "3", "p", "noe annet", "nb", 1)])
    for word in (nynorsk, bokmaal):
        hits = index.find(word)
        assert {hit.thing for hit in hits} == {T + "1", T + "2"}
        assert {text for hit in hits for text, sought in hit.pieces if sought} == {nynorsk, bokmaal}


def test_a_part_of_a_compound_is_found_in_both_forms_too() -> None:
    index = SearchIndex([Text(T + "1", "p", "Bibliotektjenestene", "nb", 1)])
    assert [hit.thing for hit in index.find("tenest")] == [T + "1"]
    assert [hit.thing for hit in index.find("tjenest")] == [T + "1"]


def test_endings_are_taken_off_and_no_more() -> None:
    told = (("1", "Bokloven"), ("2", "Bok ut"), ("3", "bibliotekarer"), ("4", "bibliotek"), ("5", "boklova"))
    index = SearchIndex(Text(T + key, "p", words, "nb", 4) for key, words in told)
    assert {hit.thing for hit in index.find("bokloven")} == {T + "1", T + "5"}
    assert [hit.thing for hit in index.find("bibliotekarane")] == [T + "3"]


def test_what_stands_in_quotation_marks_must_stand_so() -> None:
    told = (("1", "formidling som er digital"), ("2", "om digital formidling"), ("3", "Digital formidling"))
    index = SearchIndex(Text(T + key, "p", words, "nb", 4) for key, words in told)
    assert {hit.thing for hit in index.find("digital formidling")} == {T + "1", T + "2", T + "3"}
    for query in ('"digital formidling"', "«Digital formidling»", "“digital formidling”"):
        assert [hit.thing for hit in index.find(query)] == [T + "3", T + "2"]


def test_english_is_left_as_it_is() -> None:
    assert alike("legal", "en") == "legal"
    assert [
        hit.thing for hit in SearchIndex([Text(T + "1", "p", "legal deposit", "en", 1)]).find("legal")
    ] == [T + "1"]


@given(st.text(max_size=30))
def test_words_that_are_compared_have_one_spelling_however_often(word: str) -> None:
    assert alike(word).casefold() == alike(word)
    assert alike(word) == alike(word.upper().casefold()) or word.upper().casefold() != word.casefold()


def test_the_likest_word_is_found_among_many() -> None:
    likeness = Likeness([f"ord{number}" for number in range(5000)] + ["folkebibliotek", "fagbibliotek"])
    assert likeness.likest("folkebiblotek") == "folkebibliotek"
    assert likeness.likest("qqqqqq") == ""
    assert "fagbibliotek" in likeness


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
    assert "<script>" not in page("/search?q=%3Cscript%3E")


def test_results_lead_to_the_lines_of_the_source() -> None:
    text = page("/search?q=metadata&kind=ontology%23Measure")
    assert re.search(r'<a class="ref" href="/sources/[^"]+\?lines=[^"]+">', text)
    assert 'href="/sources/' in page("/search?q=metadatabrønnen&kind=ontology%23Quotation")


def test_a_choice_that_leaves_nothing_can_be_undone() -> None:
    text = page("/search?q=metadata&kind=id%2Fno-kind")
    assert "Nothing is left" in text
    assert re.search(r'<a href="/search\?q=metadata&amp;lang=en" aria-current="true">', text)


@pytest.mark.parametrize(
    "told",
    [{"kind": "<b>"}, {"kind": "http://[bad"}, {"kind": "\x00"}, {"unit": "æ ø"}, {"page": "9" * 5000}],
)
def test_a_choice_that_is_none_leaves_nothing_and_breaks_nothing(told: dict[str, str]) -> None:
    answer = real_app().test_client().get("/search", query_string={"q": "metadata", "lang": "en"} | told)
    assert answer.status_code == 200
    assert 'class="find"></ol>' in answer.text


def test_words_that_nothing_holds_together_are_offered_one_by_one() -> None:
    text = page("/search?q=metadatabrønnen+zzyzx")
    assert re.search(
        r'<a href="/search\?q=metadatabr[^"]*">metadatabrønnen</a> <span class="tag">[0-9]', text
    )


def test_themes_narrow_projects() -> None:
    text = page("/search?q=prosjekt&kind=ontology%23Project")
    assert ">Theme</h3>" in text
    assert "theme=id%2Ftheme" in text


def test_a_query_with_a_misspelt_word_offers_the_right_one() -> None:
    text = page("/search?q=metadtabrønn")
    assert "Did you mean" in text
    assert 'href="/search?q=metadatabr' in text


@pytest.mark.parametrize("begun", ["metadatab", "Metadatabrønnen", "tiltak 1", "tenest"])
def test_suggestions_are_names_with_their_kinds_and_addresses(begun: str) -> None:
    client = real_app().test_client()
    answer = client.get("/search/suggest", query_string={"q": begun, "lang": "nb"})
    assert answer.mimetype == "application/x-suggestions+json"
    query, names, kinds, addresses, more = json.loads(answer.data)
    assert len(more["languages"]) == len(names)
    assert query == begun
    assert names
    assert len(names) == len(kinds) == len(addresses) == len(set(addresses)) <= 8
    assert all(kinds)
    for address in addresses:
        assert client.get(urlsplit(address).path, headers={"Accept": "text/html"}).status_code == 200


def test_suggestions_that_begin_so_come_before_those_that_hold_it() -> None:
    told = (
        ("2", "Ny metadatabrønn", 4),
        ("1", "Metadata", 4),
        ("3", "Supermetadata", 4),
        ("4", "metadata her", 1),
    )
    completions = Completions(Text(T + key, "p", words, "nb", weight) for key, words, weight in told)
    assert [text.thing for text in completions.of("meta", "nb")] == [T + "1", T + "2", T + "3"]
    assert completions.of("", "nb") == []


def test_nothing_is_suggested_for_nothing() -> None:
    answer = real_app().test_client().get("/search/suggest")
    assert json.loads(answer.data) == ["", [], [], [], {"languages": []}]


def test_browsers_are_told_how_to_search_here() -> None:
    client = real_app().test_client()
    assert 'type="application/opensearchdescription+xml"' in client.get("/").text
    answer = client.get("/opensearch.xml?lang=nn", base_url="https://bib.example/")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ET.fromstring(answer.data)  # noqa: S314  # our own
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{name}OpenSearchDescription"
    urls = {each.get("type"): each.get("template", "") for each in root.iter(f"{name}Url")}
    for type_ in ("text/html", "application/x-suggestions+json"):
        assert urls[type_].startswith("https://bib.example/search")
        asked = urls[type_].replace("{searchTerms}", "metadata").removeprefix("https://bib.example")
        assert client.get(asked, headers={"Accept": "*/*"}).mimetype == type_
    short = root.findtext(f"{name}ShortName") or ""
    assert 0 < len(short) <= 16


def test_the_address_of_the_site_is_the_one_that_was_asked() -> None:
    client = real_app().test_client()
    for host, scheme in (("bib_web:8080", "http"), ("bib.example", "https")):
        asked = {"Host": host, "X-Forwarded-Proto": scheme, "Accept": "text/turtle"}
        assert f"{scheme}://{host}/search" in client.get("/opensearch.xml", headers=asked).text
        assert f"<{scheme}://{host}/sparql>" in client.get("/sparql", headers=asked).text


def test_descriptions_with_other_addresses_have_other_tags() -> None:
    client = real_app().test_client()
    forwarded = [{"Accept": "text/turtle", "X-Forwarded-Proto": scheme} for scheme in ("http", "https")]
    plain, secure = (client.get("/sparql", headers=headers) for headers in forwarded)
    assert plain.data != secure.data
    assert plain.headers["ETag"] != secure.headers["ETag"]


def test_the_form_works_without_the_script_and_the_script_is_let_run() -> None:
    client = real_app().test_client()
    for path in ("/", "/search"):
        answer = client.get(path)
        assert '<form class="search" action="/search" method="get"' in answer.text
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    with client.get("/static/suggest.js") as script:
        assert script.mimetype in ("text/javascript", "application/javascript")


def _count(text: str) -> int:
    match = re.search(r"(\d+) things? found", text)
    assert match
    return int(match[1])
