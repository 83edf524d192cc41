"""Every view of every kind of page: three languages, both themes, narrow and wide, with and without scripts.

Each picture is left in ``dist/screenshots/views``. Pages that are broken on purpose prove that each fault is
found, in the views that have it and in no other.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from flask import Flask, Response

from bibgraph.messages import LANGUAGES
from browser_views import VIEWS, Asked, Viewer, faults, viewer
from browser_world import NARROW, SCREENSHOTS, World, open_world, serving
from page_kinds import PAGES, address, status

if TYPE_CHECKING:
    Viewers = tuple[Viewer, Viewer]

PICTURES = SCREENSHOTS / "views"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world() as opened:
        yield opened


@pytest.fixture(scope="module")
def viewers(world: World) -> Iterator[Viewers]:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with viewer(world, PICTURES, scripts=True) as scripted, viewer(world, PICTURES, scripts=False) as bare:
        yield scripted, bare


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_right_in_every_view(viewers: Viewers, language: str, name: str) -> None:
    asked = Asked(name, address(name, language), language, status(name))
    assert faults(*viewers, asked) == []
    for width, theme in VIEWS:
        for each in viewers:
            assert (PICTURES / f"{name}-{language}-{width}-{theme}{each.mark}.png").stat().st_size > 5_000


# --- Pages that are broken on purpose ---

EVERY = {f"{width}-{theme}{mark}" for width, theme in VIEWS for mark in ("", "-no-scripts")}
DARK = {view for view in EVERY if "dark" in view}
SLIM = {view for view in EVERY if view.startswith(str(NARROW))}
PAGE = """<!doctype html><html lang="en"><head><title>A page</title><style>
body { color: #000; background: #fff; }
@media (prefers-color-scheme: dark) { body { color: #fff; background: #000; } }
</style></head><body><h1>A heading</h1><p>Words that are to be read.</p></body></html>"""


class Fault(NamedTuple):
    """What is put before the end of the page, what is told of it then, and in which views."""

    put: str
    told: str
    views: set[str]


SEEN = {
    "sideways": Fault(
        "<style>@media (width < 500px) { p { inline-size: 700px; } }</style>", "scrolls sideways by", SLIM
    ),
    "cut-off": Fault(
        "<style>@media (width < 500px) { p { block-size: 9px; overflow: clip; } }</style>", "cut off in", SLIM
    ),
    "faint-in-the-dark": Fault(
        "<style>@media (prefers-color-scheme: dark) { p { color: #555; } }</style>", ":1 in p.", DARK
    ),
    "faint-far-down": Fault(
        "<style>i { display: block; margin-block: 5000px; color: #999; background: #fff; }</style><i>far</i>",
        ":1 in i.: far",
        EVERY,
    ),
    "faint-edge": Fault(
        "<style>input { border: 1px solid #aaa; }</style><p>Asked: <input name=q></p>",
        "the edge of input[name=q] is faint",
        EVERY - DARK,
    ),
    "always-light": Fault(
        "<style>body { color: #000 !important; background: #fff !important; }</style>", "is light", DARK
    ),
    "empty": Fault("<style>h1, p { display: none; }</style>", "shows no text", EVERY),
}
TOLD = {
    "another language": (PAGE.replace('lang="en"', 'lang="nb"'), "is in nb"),
    "no heading": (PAGE.replace("h1>", "h2>"), "has the headings []"),
    "no title": (PAGE.replace("A page", ""), "has no title"),
    "a text in another language": (PAGE.replace("A heading", "Kilder"), "'Kilder' is nb, not en"),
    "a foreign picture": (f"{PAGE}<img src='http://localhost:9/a' alt=''>", "asks for http://localhost:9/a"),
    "something on the console": (f"{PAGE}<script>console.warn('oh no')</script>", "oh no"),
    "an error when it gets narrow": (
        f"{PAGE}<script>matchMedia('(width < 500px)').onchange = () => oh.dear()</script>",
        "oh is not defined",
    ),
    "a link made by a script": (
        f"{PAGE}<script>document.querySelector('p').innerHTML = '<a href=/more>Words</a>'</script>",
        "leads to /more with scripts only",
    ),
}


def found(world: World, pictures: Path, page: str, language: str = "en", status: int = 200) -> list[str]:
    """What is found wrong with a page of this text, served with this language and status."""
    app = Flask(__name__)
    app.add_url_rule(
        "/", "page", lambda: Response(page, status, {"Content-Language": language}, mimetype="text/html")
    )
    with ExitStack() as stack:
        broken = World(world.browser, stack.enter_context(serving(app)))
        scripted = stack.enter_context(viewer(broken, pictures, scripts=True))
        bare = stack.enter_context(viewer(broken, pictures, scripts=False))
        return faults(scripted, bare, Asked("broken", "/", "en"))


def test_of_a_page_that_is_right_nothing_is_told(world: World, tmp_path: Path) -> None:
    assert found(world, tmp_path, PAGE) == []
    assert {picture.stem.removeprefix("broken-en-") for picture in tmp_path.iterdir()} == EVERY


@pytest.mark.parametrize("name", SEEN)
def test_what_shows_is_found_in_the_views_that_have_it(world: World, tmp_path: Path, name: str) -> None:
    fault = SEEN[name]
    told = found(world, tmp_path, PAGE.replace("</body>", f"{fault.put}</body>"))
    assert {view for view, _, sentence in (each.partition(": ") for each in told)} == fault.views
    assert all(fault.told in each for each in told)


@pytest.mark.parametrize("name", TOLD)
def test_what_a_page_says_asks_or_lacks_is_found(world: World, tmp_path: Path, name: str) -> None:
    page, told = TOLD[name]
    assert any(told in each for each in found(world, tmp_path, page))


def test_a_wrong_status_and_language_of_the_answer_are_found(world: World, tmp_path: Path) -> None:
    told = found(world, tmp_path, PAGE, "nn", 500)
    assert told.count("answers 500") == told.count("is sent as nn") == 2
