from __future__ import annotations

import time
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.errors import NotAcceptable
from bibgraph.media import (
    BY_NAME,
    BY_TYPE,
    GRAPHS,
    RESULTS,
    also_asked_for,
    meant,
    negotiate,
    negotiate_language,
)

OFFERED = ("text/html", "text/turtle", "application/ld+json", "application/n-triples")
LANGUAGES = ("nb", "nn", "en")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        (" , ", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/turtle; charset=utf-8", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("text/html;q=0.5, text/turtle", "text/turtle"),
        ("text/turtle;q=0.5, text/html;q=0.5", "text/html"),
        ("*/*;q=0.1, application/n-triples;q=0.2", "application/n-triples"),
        ("text/*, text/html;q=0", "text/turtle"),
        ("*/*, text/*;q=0", "application/ld+json"),
        ("text/html;q=0, */*;q=0.001", "text/turtle"),
        ("text/html, image/gif, *; q=.2, */*; q=.2", "text/html"),
        ("image/png, text/turtle;q=0.3", "text/turtle"),
        ("nonsense, text/turtle", "text/turtle"),
        ('text/html;x=",text/turtle";q=0.1, application/ld+json;q=0.2', "application/ld+json"),
        ('application/ld+json;profile="a\\";q=0"', "application/ld+json"),
        ("text/html;q=2, text/turtle;q=0.1", "text/turtle"),
    ],
)
def test_the_type_wanted_most_is_chosen(accept: str, chosen: str) -> None:
    assert negotiate(accept, OFFERED) == chosen


@pytest.mark.parametrize(
    "accept", ["image/png", "text/html;q=0", "*/*;q=0", "text/turtle;q=x", "garbage", "*/turtle"]
)
def test_what_cannot_be_had_is_refused_with_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        negotiate(accept, OFFERED)
    assert all(type_ in str(refusal.value) for type_ in OFFERED)


def test_a_hundred_wishes_are_read_and_no_more() -> None:
    assert negotiate("a/b," * 99 + OFFERED[-1], OFFERED) == OFFERED[-1]
    with pytest.raises(NotAcceptable):
        negotiate("a/b," * 100 + OFFERED[-1], OFFERED)


def test_wishes_are_read_as_far_as_they_come_whole_within_some_length() -> None:
    long = f"{OFFERED[0]};q=0.1, a/b{';' * 3000}, {OFFERED[-1]}"
    assert negotiate(long, OFFERED) == OFFERED[-1]
    assert negotiate(long.replace(";;", ";" * 60_000, 1), OFFERED) == OFFERED[0]


@given(accept=st.text(), offered=st.lists(st.sampled_from(OFFERED), min_size=1, unique=True))
def test_no_header_breaks_it_and_the_choice_is_one_of_those_offered(accept: str, offered: list[str]) -> None:
    try:
        assert negotiate(accept, offered) in offered
    except NotAcceptable:
        assert accept.strip()


WEIGHTS = st.integers(min_value=0, max_value=1000)


@given(weights=st.dictionaries(st.sampled_from(OFFERED), WEIGHTS, min_size=1), order=st.randoms())
def test_the_highest_weight_wins_in_whatever_order_it_is_said(weights: dict[str, int], order: Random) -> None:
    members = [f"{type_};q={weight / 1000:.3f}" for type_, weight in weights.items()]
    order.shuffle(members)
    highest = max(weights.values())
    try:
        chosen = negotiate(",".join(members), OFFERED)
    except NotAcceptable:
        assert highest == 0
    else:
        assert weights[chosen] == highest > 0


@given(weight=WEIGHTS, other=WEIGHTS)
def test_a_type_is_weighed_by_its_most_specific_range(weight: int, other: int) -> None:
    accept = f"*/*;q={other / 1000:.3f}, text/turtle;q={weight / 1000:.3f}"
    if weight == other == 0:
        with pytest.raises(NotAcceptable):
            negotiate(accept, OFFERED)
    else:
        assert (negotiate(accept, OFFERED) == "text/turtle") == (weight > other)


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "nb"),
        ("nn", "nn"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("nn-NO, nb;q=0.9", "nn"),
        ("nn, nb", "nn"),
        ("no", "nb"),
        ("no;q=0.9, en;q=0.8", "nb"),
        ("no-NO", "nb"),
        ("nn, no;q=0.9", "nn"),
        ("en-GB;q=0.7, nn;q=0.2", "en"),
        ("sv, en;q=0.1", "en"),
        ("sv", "nb"),
        ("*", "nb"),
        ("nb;q=0, *", "nn"),
        ("nb;q=0", "nn"),
        ("nb;q=0, nn;q=0", "en"),
        ("no;q=0", "en"),
        ("no;q=0.9, nb;q=0", "nn"),
        ("nb;q=0, nn;q=0, en;q=0", "nb"),
        ("*;q=0", "nb"),
        ("*;q=0, en;q=0.1", "en"),
        ("nb-NO;q=0, nb;q=0.5, en;q=0.4", "nb"),
        ("en-US;q=0, *;q=0.2, en-GB;q=0.3", "en"),
        ("no-nyn", "nn"),
        ("fr, *;q=0.1", "nb"),
        ("en;q=x", "nb"),
        ("e!n", "nb"),
    ],
)
def test_the_language_wanted_most_is_chosen(header: str, chosen: str) -> None:
    assert negotiate_language(header, LANGUAGES, "nb") == chosen


def test_no_default_is_bent_to_one_that_is_offered() -> None:
    assert negotiate_language("no", LANGUAGES, "nn") == "nn"
    assert negotiate_language("en", (), "nb") == "nb"


@given(header=st.text())
def test_no_language_header_breaks_it(header: str) -> None:
    assert negotiate_language(header, LANGUAGES, "nb") in LANGUAGES


@pytest.mark.parametrize("piece", ["; ", '"\\', "a/b;q=1,", ";x=", "nb-", ",", '"'])
def test_long_headers_take_no_long_time(piece: str) -> None:
    header = piece * (65536 // len(piece))
    began = time.process_time()
    with suppress(NotAcceptable):
        negotiate(header, OFFERED)
    negotiate_language(header, LANGUAGES, "nb")
    assert time.process_time() - began < 2  # of processing, so that it holds on a busy machine


def test_names_and_types_are_one_to_one() -> None:
    assert list(BY_NAME) == ["html", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld", "rdf", "trig", "nq"]
    assert len(BY_TYPE) == len(BY_NAME)
    assert all(BY_TYPE[media.type] is media and media.suffix == f".{name}" for name, media in BY_NAME.items())
    assert {*RESULTS, *GRAPHS} <= set(BY_TYPE)


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("json", ["json", "jsonld"]),
        ("application/json", ["json", "jsonld"]),
        ("xml", ["xml", "rdf"]),
        ("Text/XML", ["xml", "rdf"]),
        ("N3", ["ttl"]),
        (" rdf xml ", ["rdf"]),
        ("nonsense, n-quads, csv", ["nq"]),
        ("", []),
        (",", []),
        ("application/octet-stream", []),
    ],
)
def test_a_name_means_what_clients_mean_by_it(name: str, formats: list[str]) -> None:
    assert [media.name for media in meant(name)] == formats


def test_every_format_is_the_first_meant_by_its_own_names() -> None:
    for media in BY_NAME.values():
        assert all(meant(name)[0] is media for name in (media.name, media.type, *media.aliases))


def test_a_type_that_is_offered_means_itself_alone() -> None:
    assert also_asked_for(GRAPHS) == {
        "application/json": BY_NAME["jsonld"].type,
        "application/xml": BY_NAME["rdf"].type,
        "text/xml": BY_NAME["rdf"].type,
    }
    assert also_asked_for((*RESULTS, *GRAPHS, "application/json", "x/y")) == {
        "application/xml": RESULTS[1],
        "text/xml": RESULTS[1],
    }


def test_text_says_its_encoding() -> None:
    assert BY_NAME["csv"].content_type == "text/csv; charset=utf-8"
    assert BY_NAME["jsonld"].content_type == "application/ld+json"
