"""Every kind of page in a real browser: three languages, both themes, narrow and wide, scripts or none.

Every pair of kind, language, theme, width and scripts occurs: in bokmål each page is looked at in both themes
at both widths, in the other languages in two of these four looks, and without scripts in one language and two
looks, which take turns. Screenshots are left in ``dist/screenshots``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from bibgraph.messages import LANGUAGES
from browser_words import languages
from browser_world import NARROW, SCREENSHOTS, WIDE, Theme, Told, World, open_world, script
from page_kinds import PAGES, address, status

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEIGHT = 900
Look: TypeAlias = "tuple[Theme, int]"
LOOKS: tuple[Look, ...] = (("light", WIDE), ("dark", WIDE), ("dark", NARROW), ("light", NARROW))
MOST = "nb"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


def said(page: Page, language: str) -> list[str]:
    """What is wrong with the page's language, its title, its heading and the languages of its texts."""
    told: dict[str, Any] = page.evaluate(script("texts"))
    wrong = []
    if told["language"] != language:
        wrong.append(f"is in {told['language']}")
    if len(told["headings"]) != 1 or not told["headings"][0]:
        wrong.append(f"has the headings {told['headings']}")
    if not told["title"].removesuffix("– bibgraph").strip():
        wrong.append("has no title")
    for marked, text in told["texts"]:
        known = languages(text)
        if known and marked not in known:
            wrong.append(f"{text!r} is {'/'.join(sorted(known))}, not {marked}")
    return wrong


def fit(page: Page, theme: Theme, width: int) -> list[str]:
    """What does not fit on the page in this look."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": HEIGHT})
    told: list[str] = page.evaluate(script("fits"))
    return [f"{width} px, {theme}: {fault}" for fault in told]


def keep(page: Page, name: str) -> None:
    """Leave a picture of what is seen."""
    page.screenshot(path=SCREENSHOTS / f"{name}.jpg", type="jpeg", quality=60)


def looked_at(
    page: Page, told: Told, name: str, language: str, looks: Sequence[Look], mark: str = ""
) -> list[str]:
    """What is wrong with one kind of page in one language; the first look is kept as a picture."""
    answer = page.goto(told.site + address(name, language))
    wrong = [] if answer and answer.status == status(name) else [f"answers {answer and answer.status}"]
    spoken = answer.headers.get("content-language") if answer else None
    wrong += [] if spoken == language else [f"is sent as {spoken}"]
    wrong += said(page, language)
    for look in looks:
        wrong += fit(page, *look)
        if look == looks[0]:
            picture = SCREENSHOTS / f"{name}-{language}-{look[1]}-{look[0]}{mark}.jpg"
            page.screenshot(path=picture, type="jpeg")
    return [f"{name} in {language}: {fault}" for fault in wrong + told.taken()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_fits_says_what_it_is_and_stays_on_the_site(world: World, language: str) -> None:
    shift = LANGUAGES.index(language)
    wrong = []
    with world.page(locale="en-GB") as page:
        told = Told(world.site)
        told.listen(page)
        for number, name in enumerate(PAGES):
            turned = LOOKS[(number + shift) % 4 :] + LOOKS[: (number + shift) % 4]
            wrong += looked_at(page, told, name, language, turned if language == MOST else turned[::2])
    assert not wrong, "\n".join(wrong)


def test_every_kind_of_page_is_the_same_without_scripts(world: World) -> None:
    wrong = []
    with world.page(java_script_enabled=False) as page:
        told = Told(world.site)
        told.listen(page)
        for number, name in enumerate(PAGES):
            looks = LOOKS[number % 2 :: 2]
            language = LANGUAGES[number % len(LANGUAGES)]
            wrong += looked_at(page, told, name, language, looks, "-no-scripts")
    assert not wrong, "\n".join(wrong)


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


def test_what_is_said_in_the_wrong_language_is_found(world: World) -> None:
    with world.page(address("sources", "nn")) as page:
        page.evaluate("document.querySelector('h1').textContent = 'Kilder'")
        assert any("'Kilder' is nb" in fault for fault in said(page, "nn"))
        page.evaluate("document.querySelector('h1').lang = 'nb'")
        assert said(page, "nn") == []
