"""What readers do in a real browser beside reading: language, theme, evidence, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bibgraph.web.parts.ordering import alphabetical
from browser_world import Told, World, open_world
from page_kinds import PAGES, address


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


def test_a_reader_without_scripts_gets_from_a_statement_to_its_line_lit(world: World) -> None:
    with world.page("/?lang=nb", java_script_enabled=False) as page:
        page.get_by_role("link", name="Infrastruktur for metadata", exact=True).click()
        page.locator("section", has_text="Kommentar").locator("a.ref").first.click()
        page.wait_for_url("**/sources/statusrapport-2025-10-14*")
        assert page.locator(".ln.lit").count() == 6
        assert page.locator("#L145").is_visible()


def test_dark_and_light_are_chosen_without_scripts_and_stay_chosen(world: World) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with world.page("/sources?lang=en", java_script_enabled=False, color_scheme="light") as page:
        light = page.evaluate(ground)
        with page.expect_navigation():
            page.get_by_role("button", name="Dark").click()
        assert page.url == f"{world.site}/sources?lang=en"
        page.goto(f"{world.site}/queries?lang=en")
        assert page.evaluate(ground) != light
        with page.expect_navigation():
            page.get_by_role("button", name="Light").click()
        assert page.evaluate(ground) == light


def test_the_language_switch_stays_on_the_page(world: World) -> None:
    with world.page("/status?date=2025-10-14", java_script_enabled=False, locale="nn-NO") as page:
        assert page.locator("html").get_attribute("lang") == "nn"
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/status?date=2025-10-14&lang=en")
        assert page.locator("html").get_attribute("lang") == "en"


def test_pages_ask_for_nothing_but_themselves_and_what_the_site_has_for_all(world: World) -> None:
    """Styles, scripts and data of our own; no other site, no font, no picture to be fetched."""
    with world.page() as page:
        told = Told(world.site)
        told.listen(page)
        page.goto(world.site + address("measure", "nb"))
        page.goto(world.site + address("sparql", "nb"))
        page.wait_for_load_state("networkidle")
        asked = {url.removeprefix(world.site).partition("?")[0] for url in told.requests}
    assert asked >= {"/static/style.css", "/theme.css"}
    pages = {PAGES["measure"], PAGES["sparql"]}
    assert [
        path for path in asked - pages if not path.startswith(("/static/", "/theme.css", "/sparql/"))
    ] == []


def test_rows_are_sorted_by_keyboard_as_numbers_and_as_norwegian_words(world: World) -> None:
    with world.page("/overviews/money?lang=en") as page:
        rows = page.locator("table[data-sort] tbody tr")
        before = rows.count()
        head = page.locator("table[data-sort] th.num").last
        for down, direction in enumerate(("ascending", "descending")):
            head.get_by_role("button").press("Enter")
            assert head.get_attribute("aria-sort") == direction
            cells = rows.locator("td:last-child").all_text_contents()
            kroner = [int(text.replace(",", "")) for text in cells]
            assert kroner == sorted(kroner, reverse=bool(down))
        page.locator("table[data-sort] th:not(.num)").get_by_role("button").press("Enter")
        initials = [text.strip()[:1] for text in rows.locator("td:nth-child(2)").all_text_contents()]
        assert initials == sorted(initials, key=alphabetical)
        assert page.locator("[aria-sort]").count() == 1
        assert rows.count() == before
    with world.page("/overviews/money?lang=en", java_script_enabled=False) as page:
        assert page.locator("th button").count() == 0
