"""Every view of a page: in both themes and at both widths, with and without scripts, each kept as a picture.

A page is loaded once with scripts and once without; theme and width change while it stands.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from browser_words import languages
from browser_world import NARROW, WIDE, Theme, Told, World, script

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page, Response

HEIGHT = 900
View: TypeAlias = "tuple[int, Theme]"
VIEWS: tuple[View, ...] = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light"))
"""From each view to the next one thing changes, and from the last to the first, too."""

OPPOSITE = VIEWS[::2]
"""Two views that have both widths and both themes between them."""

READY: Mapping[str, str] = {"sparql": ".surface .cm-content", "neighbourhood": ".now a"}
"""What is on a page once its scripts have made what they make, for the kinds of pages where that is much."""

_SEEN = f"() => ({{ fits: ({script('fits')})(), ...({script('contrast')})(), ...({script('view')})() }})"
_PICTURE = {"format": "png", "optimizeForSpeed": True}
_WAYS = """
() => [...document.querySelectorAll("a[href], form[action]")]
  .map((way) => new URL(way.getAttribute("href") ?? way.getAttribute("action"), document.baseURI))
  .map((way) => way.pathname.replace(/^\\/id\\//, "/doc/") + way.search)
"""
"""Where one gets by the links and forms of a page; a thing's own address leads on to the page about it."""


class Asked(NamedTuple):
    """A page to look at, and what it must come as."""

    name: str
    path: str
    language: str
    status: int = 200


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


@dataclass
class Viewer:
    """One page of the browser, led from address to address and looked at, with scripts or without."""

    page: Page
    told: Told
    devtools: CDPSession
    pictures: Path
    scripts: bool
    seen: View = VIEWS[0]

    @property
    def mark(self) -> str:
        """What names of views say of the scripts."""
        return "" if self.scripts else "-no-scripts"

    def open(self, name: str, path: str) -> Response:
        """What is answered at ``path``, once the scripts of this kind of page have made what they make."""
        answer = self.page.goto(self.told.site + path)
        if self.scripts and name in READY:
            self.page.locator(READY[name]).wait_for()
        assert answer is not None
        return answer

    def views(self, views: tuple[View, ...] = VIEWS) -> Iterator[str]:
        """Turn to each of some views, first to that in which it stands: their names."""
        start = views.index(self.seen) if self.seen in views else 0
        for width, theme in views[start:] + views[:start]:
            if width != self.seen[0]:
                self.page.set_viewport_size({"width": width, "height": HEIGHT})
            if theme != self.seen[1]:
                self.page.emulate_media(color_scheme=theme)
            self.seen = width, theme
            yield f"{width}-{theme}{self.mark}"

    def visit(self, asked: Asked) -> list[str]:
        """What is wrong with a page in any of the four views, each of which is kept as a picture."""
        wrong = self._load(asked)
        for view in self.views():
            wrong += [f"{view}: {fault}" for fault in self._look()]
            self._keep(f"{asked.name}-{asked.language}-{view}")
        return wrong + self.told.taken()

    def ways(self) -> set[str]:
        """Where the links and forms of the page lead."""
        return set(self.page.evaluate(_WAYS))

    def _load(self, asked: Asked) -> list[str]:
        answer = self.open(asked.name, asked.path)
        wrong = [] if answer.status == asked.status else [f"answers {answer.status}"]
        spoken = answer.headers.get("content-language")
        wrong += [] if spoken == asked.language else [f"is sent as {spoken}"]
        return wrong + said(self.page, asked.language)

    def _look(self) -> list[str]:
        width, theme = self.seen
        found: dict[str, Any] = self.page.evaluate(_SEEN)
        wrong = [*found["fits"], *found["told"]]
        wrong += [] if found["counted"] else ["shows no text"]
        wrong += [] if found["theme"] == theme else [f"is {found['theme']}"]
        wrong += [] if found["width"] == width else [f"is {found['width']} px wide"]
        return wrong

    def _keep(self, name: str) -> None:
        shot: dict[str, str] = self.devtools.send("Page.captureScreenshot", _PICTURE)
        (self.pictures / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def viewer(world: World, pictures: Path, *, scripts: bool) -> Iterator[Viewer]:
    """A page in a fresh profile, in the first of the views."""
    (width, theme), *_ = VIEWS
    looks: dict[str, Any] = {"color_scheme": theme, "reduced_motion": "reduce", "locale": "en-GB"}
    size = {"width": width, "height": HEIGHT}
    with world.page(java_script_enabled=scripts, viewport=size, **looks) as page:
        told = Told(world.site)
        told.listen(page)
        yield Viewer(page, told, page.context.new_cdp_session(page), pictures, scripts)
        assert told.taken() == []


def faults(scripted: Viewer, bare: Viewer, asked: Asked) -> list[str]:
    """What is wrong with a page in any of its eight views, and what it leads to with scripts only."""
    wrong = scripted.visit(asked) + bare.visit(asked)
    return wrong + [f"leads to {way} with scripts only" for way in sorted(scripted.ways() - bare.ways())]
