"""Each kind of page by axe-core: no violation of WCAG 2.2 A and AA, nor of best practice, closed or opened.

Each is looked at wide and light, and narrow and dark. Contrast, the one thing that any other view may change,
is measured in every view by ``test_browser_views``.

Needs axe-core in ``assets/node_modules``, where ``make assets`` puts it, beside what ``browser_world`` needs.
It is evaluated in the page from outside, so that the pages keep their policy of no foreign script.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from bibgraph.messages import LANGUAGES
from browser_views import OPPOSITE, READY, Viewer, viewer
from browser_world import AXE, SCREENSHOTS, World, lacking, open_world
from page_kinds import PAGES, address

if TYPE_CHECKING:
    from playwright.sync_api import Page

if not AXE.is_file():
    lacking("axe-core is not in assets/node_modules (make assets)")

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ASKED = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "elementRef": False}
RUN = f"axe.run(document, {json.dumps(ASKED)}).then((told) => told.violations)"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


@pytest.fixture(scope="module")
def eye(world: World) -> Iterator[Viewer]:
    with viewer(world, SCREENSHOTS, scripts=True) as opened:
        yield opened


@cache
def axe() -> str:
    """The text of axe-core."""
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds, as sentences."""
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{rule['id']}: {', '.join(' '.join(map(str, node['target'])) for node in rule['nodes'][:4])}"
        f" ({len(rule['nodes'])}) {rule['nodes'][0]['failureSummary'][:300]}"
        for rule in found
    ]


@pytest.mark.parametrize(("number", "name"), list(enumerate(PAGES)))
def test_a_page_violates_no_rule(eye: Viewer, number: int, name: str) -> None:
    """In one of the languages, which take turns."""
    eye.open(name, address(name, LANGUAGES[number % len(LANGUAGES)]))
    eye.page.evaluate(axe())
    assert [f"{view}: {fault}" for view in eye.views(OPPOSITE) for fault in violations(eye.page)] == []


def unfold(page: Page) -> None:
    """Open by keyboard what is folded away."""
    folded = page.locator("details:not([open]) > summary")
    number = folded.count()
    assert number > 0
    for _ in range(number):
        folded.first.press("Enter")
    assert folded.count() == 0


def offer(page: Page) -> None:
    """Write until something is offered, and go to what is offered second."""
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("metadatab")
    page.locator("#q-list [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")


def complete(page: Page) -> None:
    """Write a query until words are offered for it."""
    page.locator(READY["sparql"]).focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" bg:Measu", delay=5)
    page.locator(".cm-tooltip-autocomplete li").first.wait_for()


def expand(page: Page) -> None:
    """Show in picture and list what is around a thing."""
    item = page.locator("#near-list > li > ul > li[data-iri]").first
    item.get_by_role("button").first.press("Enter")
    item.locator("ul li").first.wait_for()


OPENED: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("measure", unfold),
    ("thing", unfold),
    ("source", unfold),
    ("rules", unfold),
    ("ontology", unfold),
    ("front", offer),
    ("search", offer),
    ("sparql", complete),
    ("neighbourhood", expand),
)


@pytest.mark.parametrize(("name", "opened"), OPENED)
def test_what_opens_by_keyboard_violates_no_rule(
    eye: Viewer, name: str, opened: Callable[[Page], None]
) -> None:
    eye.open(name, address(name, "nn"))
    opened(eye.page)
    eye.page.evaluate(axe())
    assert [f"{view}: {fault}" for view in eye.views(OPPOSITE) for fault in violations(eye.page)] == []


BREAK = {
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
    "color-contrast": "document.querySelector('main p').style.color = '#787878'",
    "target-size": "document.querySelectorAll('.themes, .themes button').forEach((each) =>"
    " Object.assign(each.style, {padding: 0, minHeight: 0, gap: 0, fontSize: '6px', lineHeight: 1}))",
    "button-name": "document.querySelector('button').replaceChildren()",
    "page-has-heading-one": "document.querySelector('h1').remove()",
}


@pytest.mark.parametrize("rule", BREAK)
def test_axe_finds_what_is_wrong(eye: Viewer, rule: str) -> None:
    eye.open("front", "/?lang=en")
    eye.page.evaluate(axe())
    eye.page.evaluate(BREAK[rule])
    assert rule in {fault.partition(":")[0] for fault in violations(eye.page)}
