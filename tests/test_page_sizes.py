"""No page is large: every kind of page of the project's own graph stays under 150 kB, unpacked."""

from __future__ import annotations

import html
import re
from functools import cache

import pytest

from bibgraph.describe import select, value_of
from bibgraph.namespaces import BASE, THINGS
from pages_world import real_app, real_graph

MOST = 150_000
FIXED = (
    *(
        "/",
        "/status",
        "/sources",
        "/overviews",
        "/changes",
        "/queries",
        "/doc",
        "/search?q=bibliotek",
        "/search",
    ),
    *(
        "/graph",
        "/ontology",
        "/ontology/codes",
        "/shapes",
        "/accessibility",
        "/dumps/",
        "/sparql",
        "/nothing",
    ),
)
LANGUAGES = ("nb", "nn", "en")


def weight(path: str, language: str) -> int:
    joint = "&" if "?" in path else "?"
    answer = real_app().test_client().get(f"{path}{joint}lang={language}", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html", path
    assert answer.status_code in (200, 404), (path, answer.status_code)
    return len(answer.data)


@cache
def largest_things() -> tuple[str, ...]:
    """Of each kind, the things with most statements about them."""
    rows = select(
        real_graph().store,
        "SELECT ?thing (COUNT(*) AS ?size) WHERE { { ?thing ?p ?o } UNION { ?s ?q ?thing } "
        f'FILTER (isIRI(?thing) && STRSTARTS(STR(?thing), "{THINGS}")) }} GROUP BY ?thing',
    )
    sizes = {value_of(row["thing"]).removeprefix(str(THINGS)): int(value_of(row["size"])) for row in rows}
    kinds: dict[str, list[str]] = {}
    for key in sorted(sizes, key=lambda key: (-sizes[key], key)):
        kinds.setdefault(key.partition("/")[0], []).append(key)
    return tuple(f"/doc/{keys[0]}" for keys in kinds.values())


def linked(path: str, pattern: str) -> set[str]:
    text = real_app().test_client().get(path, headers={"Accept": "text/html"}, follow_redirects=True).text
    return {html.unescape(found) for found in re.findall(pattern, text)}


def listed() -> set[str]:
    """Pages that others list: overviews, questions, sources, classes, rules; and the largest named graphs."""
    found = {
        path
        for folder in ("/overviews", "/queries", "/sources", "/ontology/classes", "/shapes")
        for path in linked(f"/{folder.split('/')[1]}", rf'href="({folder}/[^"?#.]+)[?#"]')
    }
    rows = select(real_graph().store, real_graph().repository.query("pages/page-graphs"))
    sizes = {value_of(row["graph"]).removeprefix(BASE): int(value_of(row["triples"])) for row in rows}
    return found | {f"/{key}" for key in sorted(sizes, key=lambda key: -sizes[key])[:6]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_are_about_no_one_thing_are_small(language: str) -> None:
    sizes = {path: weight(path, language) for path in FIXED}
    assert {path: size for path, size in sizes.items() if size > MOST} == {}


def test_pages_about_the_things_of_which_most_is_said_are_small() -> None:
    assert len(largest_things()) > 20
    sizes = {path: weight(path, "nb") for path in largest_things()}
    assert {path: size for path, size in sizes.items() if size > MOST} == {}


def test_every_page_that_a_list_leads_to_is_small() -> None:
    pages = listed()
    for beginning in ("/overviews/", "/queries/", "/graph/", "/sources/", "/ontology/classes/", "/shapes/"):
        assert any(path.startswith(beginning) for path in pages), beginning
    sizes = {path: weight(path, "nb") for path in sorted(pages)}
    assert {path: size for path, size in sizes.items() if size > MOST} == {}
