"""Each kind of page in the language asked for: ``?lang=``, Accept-Language, Content-Language, and links."""

from __future__ import annotations

import re
from functools import cache

import pytest
from werkzeug.test import TestResponse

from bibgraph.messages import LANGUAGES
from page_kinds import PAGES, address, status
from pages_world import real_app
from web_world import header_values

LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"[^>]*>')
SWITCH = re.compile(r'<nav class="lang".*?</nav>', re.DOTALL)
FILE = re.compile(
    r"/static/|\.(?:txt|csv|tsv|ttl|jsonld|rdf|nt|nq|trig|json|xml|svg|png|rdfp|gz|rq)(?:[?#]|$)"
)
KEPT = ("front", "status", "measure", "sources", "questions", "search", "not-found")


@cache
def answered(path: str, wishes: str = "") -> TestResponse:
    """What is answered to a browser that wants these languages."""
    return real_app().test_client().get(path, headers={"Accept": "text/html", "Accept-Language": wishes})


def spoken(answer: TestResponse) -> set[str]:
    """The language that the answer is in, by its header and by its text."""
    told = re.search(r'<html lang="(\w+)"', answer.text)
    return header_values(answer, "Content-Language") | ({told[1]} if told else {"no page"})


@pytest.mark.parametrize(("number", "name"), list(enumerate(PAGES)))
def test_a_page_is_in_the_language_of_its_address(number: int, name: str) -> None:
    """In one of the languages, which take turns: ``test_browser`` looks at all."""
    language = LANGUAGES[number % len(LANGUAGES)]
    answer = answered(address(name, language), "sv, da;q=0.5")
    assert answer.status_code == status(name)
    assert spoken(answer) == {language}
    assert "Accept-Language" in header_values(answer, "Vary")


@pytest.mark.parametrize("name", list(PAGES)[::3])
def test_without_one_it_is_in_the_language_that_the_browser_wants(name: str) -> None:
    assert spoken(answered(PAGES[name], "nn-NO,nn;q=0.9,en;q=0.5")) == {"nn"}


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ("", "nb"),
        ("*", "nb"),
        ("sv", "nb"),
        ("no", "nb"),
        ("nb-NO", "nb"),
        ("no, nn;q=0.9", "nb"),
        ("nn, nb", "nn"),
        ("en;q=0.2, nn;q=0.8", "nn"),
        ("en;q=0", "nb"),
        ("en-US,en;q=0.9,nb;q=0.8", "en"),
        ("fr, en;q=0.1", "en"),
        ("en;q=x", "nb"),
        ("NN-no", "nn"),
        ("nb-Latn-NO", "nb"),
    ],
)
def test_of_what_a_browser_wants_the_best_is_taken(wishes: str, language: str) -> None:
    assert spoken(answered("/overviews", wishes)) == {language}


@pytest.mark.parametrize("asked", ["xx", "", "nb-NO", "no", "../en"])
def test_an_unknown_language_in_the_address_counts_as_none(asked: str) -> None:
    assert spoken(answered(f"/overviews?lang={asked}", "nn")) == {"nn"}


@pytest.mark.parametrize("asked", ["NN", "nN"])
def test_a_language_means_the_same_in_capital_letters(asked: str) -> None:
    answer = answered(f"/overviews?lang={asked}", "en")
    assert spoken(answer) == {"nn"}
    links = [link for link in LINK.findall(SWITCH.sub("", answer.text)) if not FILE.search(link)]
    assert [link for link in links if "lang=nn" not in link] == []


@pytest.mark.parametrize("name", KEPT)
def test_a_language_that_the_address_names_is_kept_by_its_links(name: str) -> None:
    page = answered(address(name, "nn")).text
    links = [link for link in LINK.findall(SWITCH.sub("", page)) if not FILE.search(link)]
    assert [link for link in links if "lang=nn" not in link] == []
    (switches,) = SWITCH.findall(page)
    assert {link.rpartition("lang=")[2] for link in LINK.findall(switches)} == set(LANGUAGES)


def test_links_name_no_language_where_the_address_names_none() -> None:
    page = answered("/overviews", "nn").text
    assert [link for link in LINK.findall(SWITCH.sub("", page)) if "lang=" in link] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_is_told_in_the_readers_language_in_every_format(language: str) -> None:
    client = real_app().test_client()
    told = {}
    for accept in ("text/html", "application/problem+json", "text/plain"):
        answer = client.get("/nothing", headers={"Accept": accept, "Accept-Language": language})
        assert answer.content_language.to_header() == language
        told[accept] = answer.text
    title = answered("/nothing", language).text.partition("<title>")[2].partition(" –")[0]
    assert all(title in text for text in told.values())


def test_pages_in_different_languages_have_different_tags() -> None:
    tags = {answered("/overviews", language).headers["ETag"] for language in LANGUAGES}
    assert len(tags) == len(LANGUAGES)


@pytest.mark.parametrize("name", ["measure", "act", "list"])
def test_the_same_page_in_other_languages_is_linked_in_the_headers(name: str) -> None:
    links = answered(PAGES[name]).headers.getlist("Link")
    for language in LANGUAGES:
        assert any('rel="alternate"' in link and f'hreflang="{language}"' in link for link in links)
