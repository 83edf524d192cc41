"""The editor of queries in a real browser: on the served site, and in an exported one without a server."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bibgraph.config import Settings
from bibgraph.graph import open_graph
from bibgraph.web.export import Site, engine, renewed
from bibgraph.web.parts import assets
from browser_world import AXE, NARROW, SCREENSHOTS, WIDE, Told, World, lacking, open_world
from small_repository import small_repository

if TYPE_CHECKING:
    from playwright.sync_api import Page

if not assets.made("editor.js"):
    lacking("The assets are not made (make assets)")

CONTENT = ".surface .cm-content"
DEAF = 100
"""Milliseconds in which nothing in a list of suggestions can be chosen yet: in CodeMirror 75."""
BASE = "https://example.org/policy/"
LEFT_OUT = (
    *(
        "/doc",
        "/id",
        "/queries",
        "/status",
        "/overviews",
        "/graph",
        "/changes",
        "/sources",
        "/search",
        "/feed",
    ),
    *("/concepts", "/linkset", "/ontology", "/shapes", "/catalog", "/dumps"),
)
QUERY = "SELECT ?measure WHERE { ?measure a bg:Measure } ORDER BY ?measure LIMIT 3"
PREFIX = "PREFIX bg: <https://w3id.org/bibgraph/ontology#>\n"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


@contextmanager
def editor(
    world: World,
    path: str = "/sparql?lang=en",
    **options: Any,  # noqa: ANN401  # Playwright's own
) -> Iterator[tuple[Page, Told]]:
    """The page with the editor ready, watched."""
    with world.watched(path, CONTENT, **options) as watched:
        yield watched


def write(page: Page, text: str) -> None:
    """Put a text in place of what is written, as a paste does."""
    page.locator(CONTENT).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def written(page: Page) -> str:
    """What the form would send."""
    text: str = page.evaluate("document.getElementById('query').value")
    return text


def test_a_query_is_asked_by_keyboard_and_its_answer_is_read_next(world: World) -> None:
    with editor(world) as (page, _):
        write(page, PREFIX + QUERY)
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator("#outcome table").wait_for()
        assert page.evaluate("document.activeElement.textContent") == "3 rows"
        links = page.locator("#outcome td a")
        assert links.count() == 3
        assert (links.first.get_attribute("href") or "").startswith("/id/measure/")
        assert page.locator("#outcome .head a", has_text="CSV").count() == 1
        assert "query=PREFIX" in page.url


def test_words_are_suggested_by_what_they_are_called_in_the_readers_language(world: World) -> None:
    with editor(world, "/sparql?lang=nb") as (page, _):
        write(page, "SELECT * WHERE { ?thing a ")
        page.keyboard.type("statusrapp")
        item = page.locator(".cm-tooltip-autocomplete li", has_text="bg:StatusReport").first
        item.wait_for()
        page.wait_for_timeout(DEAF)
        item.click()
        assert written(page) == f"{PREFIX}SELECT * WHERE {{ ?thing a bg:StatusReport"


def test_a_prefix_is_declared_when_it_is_written_and_a_line_made_a_comment(world: World) -> None:
    with editor(world) as (page, _):
        write(page, "ASK { ?x ")
        page.keyboard.type("foaf")
        page.locator(".cm-tooltip-autocomplete li").first.wait_for()
        write(page, "")
        page.keyboard.type("ASK { ?x foaf:name 'skos:' ; <http://bg:x/> ?y ")
        page.keyboard.press("Escape")
        assert written(page).startswith("PREFIX foaf: <http://xmlns.com/foaf/0.1/>\nASK {")
        assert "PREFIX skos" not in written(page)
        assert "PREFIX bg" not in written(page)
        page.keyboard.press("ControlOrMeta+/")
        assert "\n# ASK {" in written(page)


def test_rows_can_be_sorted_and_narrowed_where_all_are_shown(world: World) -> None:
    query = "SELECT ?n ?half WHERE { ?m bg:number ?n BIND (?n / 2 AS ?half) } LIMIT 30"
    with editor(world) as (page, _):
        write(page, PREFIX + query)
        page.keyboard.press("ControlOrMeta+Enter")
        heading = page.locator("#outcome th").first
        heading.get_by_role("button").click()
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        numbers = [int(text) for text in page.locator("#outcome td:first-child").all_text_contents()]
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[0] > 9
        page.get_by_label("Only rows with").fill("10")
        assert page.locator("#outcome tbody tr:visible").count() < len(numbers)
        page.get_by_text("The answer came in").wait_for()


def test_the_time_of_an_answer_is_written_as_the_language_writes_numbers(world: World) -> None:
    with editor(world, "/sparql?lang=nn") as (page, _):
        write(page, PREFIX + QUERY)
        page.keyboard.press("ControlOrMeta+Enter")
        page.get_by_text(re.compile(r"^Svaret kom på [\d,]+ s\.$")).wait_for()


def test_an_error_is_underlined_where_it_is_and_said_below(world: World) -> None:
    with editor(world) as (page, _):
        write(page, "SELECT *\nWHERE { ?s foo:bar ?o }")
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator(".cm-lintRange-error").wait_for()
        assert page.locator(".cm-lintRange-error").text_content() == "foo:bar"
        assert (page.locator("#outcome [role=alert] p").first.text_content() or "").startswith("2:12")
        page.keyboard.type(" ")
        assert page.locator(".cm-lintRange-error").count() == 0


def test_queries_stay_in_their_tabs_when_the_page_is_left(world: World) -> None:
    with editor(world) as (page, _):
        write(page, "# Alle tiltak\nSELECT * {}")
        page.get_by_role("button", name="New query").click()
        page.keyboard.insert_text("ASK {}")
        page.goto(f"{world.site}/?lang=en")
        page.goto(f"{world.site}/sparql?lang=en")
        tabs = page.get_by_role("tab")
        tabs.first.wait_for()
        assert tabs.all_text_contents() == ["Alle tiltak", "Query 2"]
        assert written(page) == "ASK {}"
        tabs.nth(1).focus()
        page.keyboard.press("ArrowLeft")
        assert written(page) == "# Alle tiltak\nSELECT * {}"
        page.keyboard.press("Delete")
        assert tabs.all_text_contents() == ["Query 1"]


def test_the_tab_key_leaves_the_editor(world: World) -> None:
    with editor(world) as (page, _):
        write(page, QUERY)
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "format"
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.className") == "surface"
        assert written(page) == QUERY


def test_the_query_of_a_ready_question_opens_in_a_tab_of_its_own(world: World) -> None:
    with editor(world, "/sparql?lang=nb") as (page, _):
        link = page.locator("a[data-example][href*='/queries/measures?']")
        title = (link.text_content() or "").strip()
        link.click()
        page.get_by_role("tab").nth(1).wait_for()
        assert written(page).startswith(f"# {title}\nPREFIX ")
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator("#outcome table").wait_for()


def test_the_page_of_a_question_leads_into_the_editor(world: World) -> None:
    with world.page("/queries/measures?lang=en") as page:
        page.locator("#sparql + a, #sparql ~ a").first.click()
        page.locator(CONTENT).wait_for()
        assert "SELECT" in written(page)
        assert "SELECT" in (page.locator(CONTENT).text_content() or "")


def test_what_runs_too_long_can_be_stopped(world: World) -> None:
    with editor(world) as (page, _):
        page.route("**/sparql?*", lambda _: None)  # an answer that never comes
        write(page, QUERY)
        page.get_by_role("button", name="Ask").click()
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("You stopped the query.").wait_for()
        page.get_by_role("button", name="Ask").wait_for()


def test_the_form_works_without_scripts(world: World) -> None:
    with world.page("/sparql?lang=en", java_script_enabled=False) as page:
        page.locator("textarea").fill(PREFIX + QUERY)
        with page.expect_navigation():
            page.get_by_role("button", name="Ask").click()
        assert page.locator("#outcome td a").count() == 3


@pytest.mark.parametrize(("theme", "width"), [("light", WIDE), ("dark", NARROW)])
def test_the_editor_breaks_no_rule_of_accessibility_and_fits(world: World, theme: str, width: int) -> None:
    if not AXE.is_file():
        lacking("axe-core is not there (make assets)")
    size = {"width": width, "height": 900}
    with editor(world, "/sparql?lang=nn", color_scheme=theme, viewport=size) as (page, _):
        write(page, "SELECT * WHERE { ?s foo:bar 'å', 12 }")
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator(".cm-lintRange-error").wait_for()
        page.screenshot(path=SCREENSHOTS / f"editor-nn-{width}-{theme}.png")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(
            "axe.run().then(all => all.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"
        )
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


# --- The exported site ---


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an export in a folder of a plain file server."""
    root = tmp_path_factory.mktemp("www")
    graph = open_graph(
        Settings(root=small_repository(tmp_path_factory.mktemp("project")).root), inferred=False
    )
    with renewed(root / "policy") as made:
        Site(graph, Settings(), BASE, engine(), leave_out=LEFT_OUT).write(made, lambda _, __: None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/policy"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_exported_site_answers_queries_with_no_server_behind_it(
    world: World, exported: str, tmp_path: Path
) -> None:
    with world.page() as page:
        told = Told(exported)
        told.listen(page)
        page.goto(f"{exported}/en/sparql.html")
        page.locator(CONTENT).wait_for()
        write(page, PREFIX + QUERY)
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator("#table td a").first.wait_for()
        assert page.locator("#table td a").first.text_content() == "Tiltak 1"
        assert page.locator("#table td a").first.get_attribute("href") == "doc/measure/2030/1.html"
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV").click()
        saved.value.save_as(tmp_path / "answer.csv")
        assert (tmp_path / "answer.csv").read_text("utf-8").splitlines()[0] == "measure"
        write(page, "SELECT * WHERE {\n ?s ?p & }")
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator(".cm-lintRange-error").wait_for()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("CONSTRUCT WHERE { ?s a ", delay=5)
        page.keyboard.type("Measu")
        page.locator(".cm-tooltip-autocomplete li", has_text="bg:Measure").first.wait_for()
        asked = {url.removeprefix(exported).partition("?")[0] for url in told.requests}
        assert {"/static/assets/oxigraph/web_bg.wasm", "/en/sparql/words.json"} <= asked
        assert told.taken() == []
