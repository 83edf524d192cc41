"""Suggestions while typing, by keyboard, as ARIA 1.2 has a combobox; and the form without them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from browser_world import World, open_world

FIELD, OPTIONS = "#q", "#q-list [role=option]"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


def test_a_suggestion_is_chosen_by_keyboard_and_leads_to_its_page(world: World) -> None:
    with world.page("/?lang=nn") as page:
        field = page.locator(FIELD)
        assert field.get_attribute("role") == "combobox"
        assert field.get_attribute("aria-expanded") == "false"
        field.press_sequentially("metadatab")
        page.wait_for_selector(OPTIONS)
        assert field.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
        assert chosen.get_attribute("aria-selected") == "true"
        assert page.evaluate("document.activeElement.id") == "q"
        name = chosen.evaluate("option => option.firstChild.textContent.trim()")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/doc/" in page.url
        assert page.url.endswith("lang=nn")
        assert page.locator("h1").inner_text() == name


def test_escape_takes_the_suggestions_away_and_leaves_what_was_written(world: World) -> None:
    with world.page("/search?lang=nb") as page:
        page.locator(FIELD).press_sequentially("metadatab")
        page.wait_for_selector(OPTIONS)
        page.keyboard.press("Escape")
        assert page.locator("#q-list").is_hidden()
        assert page.locator(FIELD).input_value() == "metadatab"
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/search?" in page.url


def test_the_form_searches_without_scripts(world: World) -> None:
    with world.page("/?lang=nb", java_script_enabled=False) as page:
        page.locator(FIELD).fill("metadata")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/search?lang=nb&q=metadata")
        assert page.locator("ol.find li").count() > 5
