"""The pages in a real browser: three languages, both themes, narrow and wide, by keyboard, without scripts.

Needs Playwright and Chromium (Debian's package ``chromium``). Without them the tests are skipped, and say so;
with BIBGRAPH_REQUIRE_BROWSER=1 they fail instead. Screenshots are left in ``dist/screenshots``.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Literal

import pytest
from werkzeug.serving import make_server

from pages_world import CHECKOUT, real_app

try:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
except ModuleNotFoundError:
    if os.environ.get("BIBGRAPH_REQUIRE_BROWSER"):
        raise
    pytest.skip("Playwright is not installed: no page is looked at in a browser", allow_module_level=True)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if not CHROMIUM:
    if os.environ.get("BIBGRAPH_REQUIRE_BROWSER"):
        raise RuntimeError("no chromium is installed, and BIBGRAPH_REQUIRE_BROWSER asks for one")
    pytest.skip("no chromium is installed: no page is looked at in a browser", allow_module_level=True)

SCREENSHOTS = CHECKOUT / "dist" / "screenshots"
Theme = Literal["light", "dark"]
PAGES = {
    "front": "/",
    "status": "/status?date=2025-10-14",
    "measure": "/doc/measure/2023-2025/14",
    "strategy": "/doc/strategy/2020-2023",
    "unit": "/doc/unit/bibliotekutvikling",
    "organisation": "/doc/organisation/nasjonalbiblioteket",
    "report": "/doc/report/2025-10-14",
    "approach": "/doc/approach/regional-kompetanseheving",
    "law": "/doc/law/folkebibliotekloven",
    "sources": "/sources",
    "source": "/sources/statusrapport-2025-10-14?lines=145-150",
    "matrix": "/overviews/units",
    "milestones": "/overviews/milestones",
    "question": "/queries/measures-by-status",
    "search": "/search?q=metadata",
    "collection": "/id/measure",
    "sparql": "/sparql",
    "problem": "/nothing",
}
LOOKS: tuple[tuple[str, int, Theme], ...] = (("nb", 1440, "light"), ("nn", 320, "dark"), ("en", 1440, "dark"))


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the application, served on loopback while the tests run."""
    server = make_server("127.0.0.1", 0, real_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def watched(context: BrowserContext, told: list[str]) -> Page:
    """A page that notes what goes wrong on it: what the console says, and failed or foreign requests."""
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 404" not in message.text:
            told.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith("http://127.0.0.1") else told.append(request.url),
    )
    return page


@pytest.mark.parametrize(("language", "width", "theme"), LOOKS)
def test_every_kind_of_page_fits_stays_on_the_site_and_breaks_no_policy(
    browser: Browser, site: str, language: str, width: int, theme: Theme
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    told: list[str] = []
    page = watched(context, told)
    wide = []
    for name, path in PAGES.items():
        joint = "&" if "?" in path else "?"
        page.goto(f"{site}{path}{joint}lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide.append((name, over))
        page.screenshot(path=SCREENSHOTS / f"{name}-{language}-{width}-{theme}.png")
    context.close()
    assert not told
    assert not wide


def test_the_keyboard_reaches_the_content_first_and_focus_is_seen(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/doc/measure/2023-2025/14?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator("a.skip").bounding_box() is not None
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert page.evaluate(inside)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    context.close()


def test_every_link_and_field_can_be_reached_by_the_keyboard(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/status?lang=en")
    most = page.locator("a[href], input:not([type=hidden]), select, button, [tabindex='0']").count()
    reached = set()
    for _ in range(most + 12):  # a field for dates has several stops
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(reached) >= most
    context.close()


def test_a_reader_without_scripts_gets_from_a_statement_to_its_line_lit(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/?lang=nb")
    page.get_by_role("link", name="Infrastruktur for metadata", exact=True).click()
    page.locator("section", has_text="Kommentar").locator("a.ref").first.click()
    assert "/sources/statusrapport-2025-10-14" in page.url
    assert page.locator(".ln.lit").count() == 6
    assert page.locator("#L145").is_visible()
    context.close()


def test_dark_and_light_are_chosen_without_scripts_and_stay_chosen(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="light")
    page = context.new_page()
    page.goto(f"{site}/sources?lang=en")
    page.get_by_role("button", name="Dark").click()
    assert page.url == f"{site}/sources?lang=en"
    page.goto(f"{site}/queries?lang=en")
    dark = page.screenshot(clip={"x": 2, "y": 300, "width": 4, "height": 4})
    page.get_by_role("button", name="Light").click()
    light = page.screenshot(clip={"x": 2, "y": 300, "width": 4, "height": 4})
    assert dark != light
    context.close()


def test_the_language_switch_stays_on_the_page(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nn-NO")
    page = context.new_page()
    page.goto(f"{site}/status?date=2025-10-14")
    assert page.locator("html").get_attribute("lang") == "nn"
    page.get_by_role("link", name="English").click()
    assert "date=2025-10-14" in page.url
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


def test_a_measure_prints_with_its_evidence_and_without_what_is_only_for_screens(
    browser: Browser, site: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/doc/measure/2023-2025/14?lang=nb")
    page.emulate_media(media="print")
    assert page.locator(".ev").first.is_visible()
    assert not page.locator(".nav").is_visible()
    assert not page.locator(".themes").is_visible()
    (SCREENSHOTS / "measure.pdf").write_bytes(page.pdf(format="A4", prefer_css_page_size=True))
    assert (SCREENSHOTS / "measure.pdf").read_bytes().startswith(b"%PDF")
    context.close()


def test_motion_is_nowhere_so_nothing_has_to_be_reduced(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/")
    moving = (
        "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
    )
    assert page.evaluate(moving) == 0
    context.close()
