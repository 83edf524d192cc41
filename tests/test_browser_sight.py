"""The pages as they can be looked at: contrast, zoom, spacing, forced colours, without motion, on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest

from bibgraph.messages import LANGUAGES
from browser_world import SCREENSHOTS, World, open_world, script
from page_kinds import PAGES, address

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

TALL = 9000
REFLOW: ViewportSize = {"width": 320, "height": 256}
"""A window of 1280 by 1024 pixels at a zoom of 400 %."""
SPACED = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}
"""
"""What WCAG 2.2 asks pages to bear, in 1.4.12."""
STILL = """
() => [...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"].map((part) => {
  const style = getComputedStyle(element, part || null);
  const lasting = style.transitionDuration.split(",").some((time) => parseFloat(time) > 0.001);
  const moves = style.animationName !== "none" || lasting;
  return moves || style.scrollBehavior === "smooth" ? `${element.localName}.${element.className}${part}` : "";
})).filter(Boolean)
"""
FIXED = """
() => [...document.querySelectorAll("body *")]
  .filter((element) => ["fixed", "sticky"].includes(getComputedStyle(element).position))
  .map((element) => `${element.localName}.${element.className}`)
"""
PRINTED = ("front", "measure", "status", "source", "overview-money", "question-answered")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


def language_of(number: int) -> str:
    """The languages take turns."""
    return LANGUAGES[number % len(LANGUAGES)]


def faint(page: Page, **look: Any) -> list[str]:  # noqa: ANN401  # Playwright's own
    """Texts of too little contrast in this look; that none was looked at is a fault, too."""
    page.emulate_media(**look)
    found: dict[str, Any] = page.evaluate(script("contrast"))
    return [f"{look}: {fault}" for fault in found["told"] or ([] if found["counted"] else ["no text"])]


def test_every_text_and_field_stands_out_in_every_colour_scheme(world: World) -> None:
    wrong = []
    with world.page(viewport={"width": 1440, "height": TALL}) as page:
        for number, name in enumerate(PAGES):
            page.goto(world.site + address(name, language_of(number)))
            told = faint(page, color_scheme="light") + faint(page, color_scheme="dark")
            if number % 3 == 0:
                told += faint(page, color_scheme="dark", forced_colors="active")
                page.emulate_media(forced_colors="none")
            wrong += [f"{name}: {fault}" for fault in told]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_lost_at_400_percent_nor_with_wide_spacing_nor_moves_nor_covers(world: World) -> None:
    wrong = []
    with world.page(viewport=REFLOW, device_scale_factor=4, reduced_motion="reduce") as page:
        for number, name in enumerate(PAGES):
            page.goto(world.site + address(name, language_of(number + 1)))
            told = [f"at 400 %: {fault}" for fault in page.evaluate(script("fits"))]
            told += [f"moves: {element}" for element in page.evaluate(STILL)]
            told += [f"may cover the focus: {element}" for element in page.evaluate(FIXED)]
            page.evaluate(SPACED)
            told += [f"spaced, narrow: {fault}" for fault in page.evaluate(script("fits"))]
            page.set_viewport_size({"width": 1280, "height": 1024})
            told += [f"spaced, wide: {fault}" for fault in page.evaluate(script("fits"))]
            page.set_viewport_size(REFLOW)
            wrong += [f"{name}: {fault}" for fault in told]
    assert not wrong, "\n".join(wrong)


def test_what_is_faint_or_cut_off_is_found(world: World) -> None:
    with world.page("/?lang=en", viewport={"width": 1440, "height": TALL}) as page:
        page.evaluate("document.querySelector('h1').style.color = '#999'")
        assert any("in h1" in fault for fault in faint(page, color_scheme="light"))
        page.evaluate(
            "Object.assign(document.querySelector('h1').style, {blockSize: '9px', overflow: 'hidden'})"
        )
        assert any("h1" in fault for fault in page.evaluate(script("fits")))
        page.evaluate("document.querySelector('main').style.minInlineSize = '2000px'")
        assert any("sideways" in fault for fault in page.evaluate(script("fits")))


def test_signs_and_bars_keep_their_shapes_in_forced_colours(world: World) -> None:
    with world.page(address("measure", "en"), forced_colors="active", color_scheme="dark") as page:
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        marks = page.locator("main .mk")
        assert marks.count() > 0
        assert marks.first.evaluate("(mark) => getComputedStyle(mark).color") != ground
        edge = page.locator(".ev").first.evaluate("(note) => getComputedStyle(note).borderInlineStartColor")
        assert edge != ground
        page.screenshot(path=SCREENSHOTS / "measure-forced-colours.png")


@pytest.mark.parametrize("name", PRINTED)
def test_on_paper_nothing_is_cut_off_and_what_is_for_screens_is_gone(world: World, name: str) -> None:
    with world.page(address(name, "nb")) as page:
        heading = page.locator("h1").inner_text()
        page.emulate_media(media="print")
        for gone in (".nav", ".themes", "#choose-theme", ".lang", ".skip"):
            assert not page.locator(gone).is_visible()
        made = page.pdf(format="A4", prefer_css_page_size=True)
    (SCREENSHOTS / f"{name}.pdf").write_bytes(made)
    with pdfplumber.open(io.BytesIO(made)) as paper:
        first = " ".join((paper.pages[0].extract_text() or "").replace("\u00ad", "").split())
        outside = [
            (number, word["text"])
            for number, sheet in enumerate(paper.pages, 1)
            for word in sheet.extract_words()
            if word["x0"] < 20 or word["x1"] > sheet.width - 20 or word["bottom"] > sheet.height
        ]
        empty = [number for number, sheet in enumerate(paper.pages, 1) if len(sheet.chars) < 40]
    assert " ".join(heading.split())[:30] in first
    assert outside == []
    assert empty == []


def test_a_measure_is_printed_with_its_evidence(world: World) -> None:
    with world.page(address("measure", "nb")) as page:
        page.emulate_media(media="print")
        assert page.locator(".ev").first.is_visible()
