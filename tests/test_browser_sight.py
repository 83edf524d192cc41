"""The pages as they can be looked at: zoom, wide spacing, forced colours, without motion, on paper."""

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


def lost(page: Page) -> list[str]:
    """What is lost in a small window, with wide spacing and in forced colours, and what moves or covers."""
    told = [f"at 400 %: {fault}" for fault in page.evaluate(script("fits"))]
    told += [f"moves: {element}" for element in page.evaluate(STILL)]
    told += [f"may cover the focus: {element}" for element in page.evaluate(FIXED)]
    page.evaluate(SPACED)
    told += [f"spaced, narrow: {fault}" for fault in page.evaluate(script("fits"))]
    page.set_viewport_size({"width": 1280, "height": 1024})
    told += [f"spaced, wide: {fault}" for fault in page.evaluate(script("fits"))]
    page.set_viewport_size(REFLOW)
    page.emulate_media(color_scheme="dark", forced_colors="active")
    found: dict[str, Any] = page.evaluate(script("contrast"))
    page.emulate_media(color_scheme="light", forced_colors="none")
    faint: list[str] = found["told"] if found["counted"] else ["no text"]
    return told + [f"in forced colours: {fault}" for fault in faint]


def test_nothing_is_lost_at_400_percent_nor_with_wide_spacing_nor_in_forced_colours(world: World) -> None:
    wrong = []
    with world.page(viewport=REFLOW, device_scale_factor=4, reduced_motion="reduce") as page:
        for number, name in enumerate(PAGES):
            page.goto(world.site + address(name, LANGUAGES[(number + 1) % len(LANGUAGES)]))
            wrong += [f"{name}: {fault}" for fault in lost(page)]
    assert not wrong, "\n".join(wrong)


BREAK = """
(style) => Object.entries(style).forEach(([name, value]) =>
  document.querySelector("h1").style.setProperty(name, value, "important"))
"""


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ({"min-inline-size": "400px"}, "at 400 %: scrolls sideways"),
        ({"min-inline-size": "1300px"}, "spaced, wide: scrolls sideways"),
        ({"inline-size": "3.7em", "white-space": "nowrap", "overflow": "clip"}, "spaced, narrow: cut off in"),
        ({"transition": "color 1s"}, "moves: h1"),
        ({"position": "sticky"}, "may cover the focus: h1"),
        ({"forced-color-adjust": "none", "color": "#222", "background": "#000"}, "in forced colours: "),
    ],
)
def test_what_is_lost_or_moves_or_covers_is_found(world: World, style: dict[str, str], told: str) -> None:
    with world.page("/sources?lang=en", viewport=REFLOW, reduced_motion="reduce") as page:
        assert lost(page) == []
        page.reload()
        page.evaluate(BREAK, style)
        assert any(fault.startswith(told) for fault in lost(page))


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
