"""Each kind of page by axe-core: no violation of WCAG 2.2 A and AA, nor of best practice, light and dark.

Needs axe-core in ``assets/node_modules``, where ``make assets`` puts it, beside what ``browser_world`` needs.
It is evaluated in the page from outside, so that the pages keep their policy of no foreign script.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from bibgraph.messages import LANGUAGES
from browser_world import AXE, NARROW, WIDE, Theme, World, lacking, open_world
from page_kinds import PAGES, address

if TYPE_CHECKING:
    from playwright.sync_api import Page

if not AXE.is_file():
    lacking("axe-core is not in assets/node_modules (make assets)")

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_LOOKS = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
"""The rules that colours and room matter to; the others find the same in any look."""

LOOKS: tuple[tuple[Theme, int, bool], ...] = (
    ("light", WIDE, False),
    ("dark", NARROW, True),
    ("dark", NARROW, False),
    ("light", WIDE, True),
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


def violations(page: Page, only: dict[str, Any]) -> list[str]:
    """What axe-core finds, as sentences."""
    asked = json.dumps({"runOnly": only, "resultTypes": ["violations"], "elementRef": False})
    found: list[dict[str, Any]] = page.evaluate(f"axe.run(document, {asked}).then((told) => told.violations)")
    return [
        f"{rule['id']}: {', '.join(' '.join(map(str, node['target'])) for node in rule['nodes'][:4])}"
        f" ({len(rule['nodes'])}) {rule['nodes'][0]['failureSummary'][:300]}"
        for rule in found
    ]


def looked_at(page: Page, theme: Theme, width: int, *, colours: bool) -> list[str]:
    """What axe-core finds in one look: all, or only what colours may do wrong."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    only = {"type": "rule", "values": OF_LOOKS} if colours else {"type": "tag", "values": TAGS}
    return [f"{width} px, {theme}: {fault}" for fault in violations(page, only)]


@pytest.mark.parametrize("share", range(2))
def test_no_kind_of_page_violates_a_rule(world: World, share: int) -> None:
    """All rules in a wide light or a narrow dark look, by turns; in the other those that looks matter to."""
    axe = AXE.read_text(encoding="utf-8")
    wrong = []
    with world.page() as page:
        for number, name in list(enumerate(PAGES))[share::2]:
            page.goto(world.site + address(name, LANGUAGES[number % len(LANGUAGES)]))
            page.evaluate(axe)
            for theme, width, colours in LOOKS[:2] if number % 2 == 0 else LOOKS[2:]:
                wrong += [f"{name}: {fault}" for fault in looked_at(page, theme, width, colours=colours)]
    assert not wrong, "\n".join(wrong)


def test_axe_finds_what_is_wrong(world: World) -> None:
    with world.page("/?lang=en") as page:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.evaluate("document.documentElement.removeAttribute('lang')")
        page.evaluate("document.querySelector('h1').style.color = '#eee'")
        tiny = "Object.assign(each.style, {padding: 0, minHeight: 0, gap: 0, fontSize: '6px', lineHeight: 1})"
        page.evaluate(f"document.querySelectorAll('.themes, .themes button').forEach((each) => {tiny})")
        found = " ".join(looked_at(page, "light", WIDE, colours=False))
    assert "html-has-lang" in found
    assert "color-contrast" in found
    assert "target-size" in found
