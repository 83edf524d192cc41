"""The picture of a neighbourhood in a real browser: by mouse, by keyboard, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bibgraph.web.parts import assets
from browser_world import AXE, NARROW, SCREENSHOTS, WIDE, Told, World, lacking, open_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

if not assets.made("neighbourhood.js"):
    lacking("The assets are not made (make assets)")

PLACE = "/neighbourhood/measure/2023-2025/14"
MILESTONE = "https://w3id.org/bibgraph/id/milestone/2025-10-14/14-1"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


@contextmanager
def picture(
    world: World,
    language: str = "en",
    **options: Any,  # noqa: ANN401  # Playwright's own
) -> Iterator[tuple[Page, Told]]:
    """The page with the picture drawn, watched."""
    with world.watched(f"{PLACE}?lang={language}", ".now a", **options) as watched:
        yield watched


def test_what_is_expanded_in_the_list_is_shown_in_the_picture_and_below(world: World) -> None:
    with picture(world) as (page, _):
        item = page.locator(f'#near-list > li > ul > li[data-iri="{MILESTONE}"]').first
        item.get_by_role("button").first.click()
        item.locator("ul li").first.wait_for()
        assert item.get_by_role("button").first.get_attribute("aria-expanded") == "true"
        assert item.locator("ul ul li a").count() > 3
        assert "Expanded." in (page.locator(".now").text_content() or "")
        assert page.locator(".key li", has_text="Status report").count() == 1
        item.get_by_role("button").first.click()
        assert not item.locator("ul").first.is_visible()


def test_arrow_keys_go_from_thing_to_thing_and_enter_expands(world: World) -> None:
    with picture(world) as (page, _):
        start = page.locator(".now a").text_content()
        page.locator(".board-near").focus()
        places = {"ArrowRight": "ArrowLeft", "ArrowDown": "ArrowUp"}
        for key, back in places.items():
            page.keyboard.press(key)
            if page.locator(".now a").text_content() != start:
                break
            page.keyboard.press(back)
        chosen = page.locator(".now a").text_content()
        before = page.locator("#near-list li[data-iri]").count()
        page.keyboard.press("Enter")
        page.locator(".now", has_text="xpanded.").or_(
            page.locator(".now", has_text="nothing more")
        ).wait_for()
        assert page.locator(".now a").text_content() == chosen
        assert page.locator("#near-list li[data-iri]").count() > before
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.now, .row') !== null")


DRAWN = "const cy = document.querySelector('.board-near')._cyreg.cy;"
APART = f"""(() => {{
    {DRAWN}
    const inside = {{ includeOverlays: false, includeUnderlays: false }};
    const boxes = cy.nodes().map((node) => node.boundingBox(inside));
    const over = (a, b) => a.x1 + 1 < b.x2 && b.x1 + 1 < a.x2 && a.y1 + 1 < b.y2 && b.y1 + 1 < a.y2;
    return boxes.length > 20 && !boxes.some((one, at) => boxes.slice(at + 1).some((two) => over(one, two)));
}})()"""
SEEN = f"(() => {{ {DRAWN} return [cy.zoom(), cy.pan().x]; }})()"


def test_on_a_telephone_names_lie_apart_two_fingers_move_the_picture_and_one_the_page(world: World) -> None:
    phone = {"viewport": {"width": NARROW, "height": 740}, "has_touch": True, "is_mobile": True}
    place = "/neighbourhood/strategy/2023-2025?lang=en"
    with world.watched(place, ".now a", **phone) as (page, _):
        assert page.evaluate(APART)
        page.evaluate("document.querySelector('.board-near').scrollIntoView()")
        session = page.context.new_cdp_session(page)

        def touch(kind: str, *places: tuple[int, int]) -> None:
            points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        zoom, along = page.evaluate(SEEN)
        touch("touchStart", (150, 300), (210, 300))
        for step in range(1, 6):
            touch("touchMove", (150 - 8 * step, 300), (230 + 8 * step, 300))
        touch("touchEnd")
        assert page.evaluate(SEEN)[0] > zoom
        page.get_by_role("button", name="Further left").click()
        assert page.evaluate(SEEN)[1] != along
        seen, before = page.evaluate(SEEN), page.evaluate("scrollY")
        touch("touchStart", (180, 400))
        for step in range(1, 15):
            touch("touchMove", (180, 400 - 15 * step))
        touch("touchEnd")
        page.wait_for_function("before => scrollY > before", arg=before)
        assert page.evaluate(SEEN) == seen


def test_a_click_on_a_thing_expands_it(world: World) -> None:
    with picture(world) as (page, _):
        page.locator(".board-near").scroll_into_view_if_needed()
        frame = page.locator(".board-near").bounding_box()
        assert frame is not None
        start = page.locator(".now").text_content()
        # What lies where is the layout's affair: points of a grid are tried until one is a thing.
        tried = (
            (x, y) for y in range(20, int(frame["height"]), 20) for x in range(20, int(frame["width"]), 20)
        )
        for x, y in tried:
            page.mouse.click(frame["x"] + x, frame["y"] + y)
            if page.locator(".now").text_content() != start:
                break
        page.locator("#near-list > li > ul > li > ul").first.wait_for()


@pytest.mark.parametrize(("theme", "width", "language"), [("light", WIDE, "nn"), ("dark", NARROW, "nb")])
def test_the_picture_breaks_no_rule_of_accessibility_and_fits(
    world: World, theme: str, width: int, language: str
) -> None:
    if not AXE.is_file():
        lacking("axe-core is not there (make assets)")
    with picture(world, language, color_scheme=theme, viewport={"width": width, "height": 900}) as (page, _):
        page.screenshot(path=SCREENSHOTS / f"neighbourhood-{language}-{width}-{theme}.png")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(
            "axe.run().then(all => all.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"
        )
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_list_leads_on(world: World) -> None:
    with world.page(f"{PLACE}?lang=nb", java_script_enabled=False) as page:
        assert not page.locator("#near").is_visible()
        with page.expect_navigation():
            page.locator("#near-list a.around").first.click()
        assert "/neighbourhood/" in page.url
        assert page.locator("#near-list a.around").count() > 0
