"""The pages by keyboard alone: all that can be used is reached in order, is seen to be, and lets go again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from browser_world import PATIENCE, World, open_world, script
from page_kinds import address

if TYPE_CHECKING:
    from playwright.sync_api import Page

WALKED = (
    "front",
    "status",
    "measure",
    "organisation",
    "source",
    "overview-units",
    "question-answered",
    "search",
    "changes",
    "sparql",
    "dumps",
    "bad-request",
)
FOCUSED = "document.activeElement !== document.body"
PRESSES = 25
"""How often the key is pressed before it is asked whether the focus has left the page."""

STEP = 50
"""Milliseconds between two looks at what is waited for."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


def walk(page: Page, key: str = "Tab") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the focus should come to, and what it comes to until it leaves the page, as it must."""
    wanted: list[dict[str, Any]] = page.evaluate(script("focus"))
    for _ in range(4 + len(wanted) // 5):  # a field for dates has several stops
        for _ in range(PRESSES):
            page.keyboard.press(key)
            if not page.evaluate(FOCUSED):
                visited: list[dict[str, Any]] = page.evaluate("window.visited")
                return wanted, visited
    pytest.fail(f"the focus never leaves {page.url}")


@pytest.mark.parametrize("name", WALKED)
def test_all_that_can_be_used_is_reached_in_order_and_seen(world: World, name: str) -> None:
    with world.page(address(name, "en")) as page:
        wanted, visited = walk(page)
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
    places = [stop["place"] for stop in visited]
    assert {stop["place"]: stop["name"] for stop in wanted if stop["place"] not in places} == {}
    assert places == sorted(places)
    assert [stop["name"] for stop in visited if not (stop["shows"] and stop["sized"])] == []


def test_the_way_back_is_the_way_there(world: World) -> None:
    with world.page(address("status", "en")) as page:
        wanted, visited = walk(page, "Shift+Tab")
    assert [stop["place"] for stop in visited] == [stop["place"] for stop in reversed(wanted)]


def test_the_first_stop_leads_past_the_menu(world: World) -> None:
    with world.page(address("measure", "en")) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        page.keyboard.press("Enter")
        page.wait_for_url("**#content")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def press_on(page: Page, selector: str, key: str = "Enter") -> None:
    """Bring the focus to the first such thing by Tab, and press a key there."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            page.keyboard.press(key)
            return
    pytest.fail(f"{selector} is not reached by Tab on {page.url}")


def until(page: Page, condition: str) -> None:
    """Wait until a condition holds. Playwright's own way needs ``eval``, which the pages' policy forbids."""
    for _ in range(PATIENCE // STEP):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(STEP)
    pytest.fail(f"never on {page.url}: {condition}")


def test_menu_language_and_theme_are_chosen_by_keyboard(world: World) -> None:
    with world.page("/?lang=en") as page:
        press_on(page, ".nav a[href^='/status']")
        page.wait_for_url("**/status?*")
        press_on(page, ".lang a[lang=nn]")
        page.wait_for_url("**/status?lang=nn")
        assert page.locator("html").get_attribute("lang") == "nn"
        with page.expect_navigation():
            press_on(page, ".themes button[value=dark]", "Space")
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_search_and_its_results_work_by_keyboard(world: World) -> None:
    with world.page("/?lang=en") as page:
        press_on(page, "input[type=search]", "m")
        page.keyboard.type("etadata")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*q=metadata*")
        press_on(page, ".find a")
        page.wait_for_url("**/doc/**")


def test_suggestions_are_chosen_by_keyboard(world: World) -> None:
    with world.page("/?lang=en") as page:
        press_on(page, "input[type=search][role=combobox]", "m")
        page.keyboard.insert_text("etadata")
        until(page, "document.activeElement.getAttribute('aria-expanded') === 'true'")
        page.keyboard.press("ArrowDown")
        chosen = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
        assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false"
        assert page.evaluate("document.activeElement.value") == "metadata"
        page.keyboard.press("ArrowDown")
        until(page, "document.activeElement.getAttribute('aria-expanded') === 'true'")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/doc/**")


def test_the_status_of_another_day_is_asked_for_by_keyboard(world: World) -> None:
    with world.page("/status?lang=en") as page:
        press_on(page, "main form select, main form input:not([type=hidden])", "ArrowDown")
        page.keyboard.press("Tab")
        press_on(page, "main form button")
        page.wait_for_url("**/status?*date=*")


def test_from_a_statement_to_its_line_and_back_by_keyboard(world: World) -> None:
    with world.page(address("measure", "nb")) as page:
        press_on(page, ".ev a.ref")
        page.wait_for_url("**/sources/**")
        assert page.locator(".ln.lit, .ln:target").count() > 0
        press_on(page, ".notes a")
        page.wait_for_url("**/doc/**")


def test_what_is_folded_away_opens_by_keyboard(world: World) -> None:
    with world.page(address("measure", "en")) as page:
        closed = page.locator("details:not([open])").count()
        press_on(page, "details:not([open]) > summary")
        until(page, f"document.querySelectorAll('details:not([open])').length === {closed - 1}")
        page.keyboard.press("Space")
        until(page, f"document.querySelectorAll('details:not([open])').length === {closed}")


def test_a_wide_picture_is_scrolled_by_keyboard(world: World) -> None:
    with world.page(address("overview-units", "en"), viewport={"width": 800, "height": 700}) as page:
        press_on(page, ".scroll", "ArrowRight")
        until(page, "document.activeElement.scrollLeft > 0")


def test_the_form_of_a_question_is_filled_in_by_keyboard(world: World) -> None:
    with world.page("/queries/measures-by-status?lang=en") as page:
        press_on(page, "main form [name=date]", "Tab")
        press_on(page, "main form button")
        page.locator("main table tbody tr").nth(3).wait_for()
