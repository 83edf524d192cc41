"""A real browser over the application, and the kinds of pages that it has to show.

Needs Playwright and Chromium (Debian's package ``chromium``). Without them the modules that import this are
skipped, and say so; with BIBGRAPH_REQUIRE_BROWSER=1 they fail instead.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from page_kinds import STATUS
from pages_world import CHECKOUT, real_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUIRED = bool(os.environ.get("BIBGRAPH_REQUIRE_BROWSER"))


def lacking(sentence: str) -> NoReturn:
    """Skip the module that is being read, or fail where a browser is asked for."""
    if REQUIRED:
        raise RuntimeError(f"{sentence}, and BIBGRAPH_REQUIRE_BROWSER asks for it")
    pytest.skip(f"{sentence}: no page is looked at in a browser", allow_module_level=True)


try:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
except ModuleNotFoundError:
    lacking("Playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if not CHROMIUM:
    lacking("Chromium is not installed")

Theme = Literal["light", "dark"]
NARROW, WIDE = 360, 1440
PATIENCE = 120_000
"""Milliseconds that the browser may take for one step: long, for a slow machine is no fault of a page."""

AXE = CHECKOUT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = CHECKOUT / "dist" / "screenshots"
_SCRIPTS = Path(__file__).parent / "browser"


@cache
def script(name: str) -> str:
    """The text of a script that looks at pages, from the folder ``browser`` beside this file."""
    return (_SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


class Answer(NamedTuple):
    """What the application answered once."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Remembered:
    """An application that answers each GET without cookies once, and from then on says the same again."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.known: dict[tuple[str, ...], Answer] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, as WSGI has it."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" in environ:
            return self.app(environ, start_response)
        asked = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE")
        key = tuple(environ.get(name, "") for name in asked)
        if key not in self.known:
            self.known[key] = self._ask(environ)
        answer = self.known[key]
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _ask(self, environ: WSGIEnvironment) -> Answer:
        whole = {name: value for name, value in environ.items() if not name.startswith("HTTP_IF_")}
        pieces, line, headers = run_wsgi_app(self.app, whole, buffered=True)
        return Answer(line, list(headers), b"".join(pieces))


@cache
def _application() -> Remembered:
    return Remembered(real_app())


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of requests that went well."""


@dataclass
class Told:
    """What was noticed while pages were loaded: the console's errors, and requests that leave the site."""

    site: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note what happens on ``page`` from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {code}" in message.text for code in STATUS.values())
        if message.type in ("error", "warning") and not expected:
            self.errors.append(f"{message.location.get('url', '')}: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def taken(self) -> list[str]:
        """The errors, and the requests that left the site, since this was asked last."""
        foreign = [f"asks for {url}" for url in self.requests if not url.startswith(f"{self.site}/")]
        told = self.errors + foreign
        self.errors, self.requests = [], []
        return told


@dataclass(frozen=True)
class World:
    """A running browser, and the address of the site."""

    browser: Browser
    site: str

    @contextmanager
    def context(self, **options: Any) -> Iterator[BrowserContext]:  # noqa: ANN401  # Playwright's own
        """A fresh profile of the browser: no cookies, nothing kept."""
        opened = self.browser.new_context(**options)
        opened.set_default_timeout(PATIENCE)
        yield opened
        opened.close()

    @contextmanager
    def page(self, path: str = "", **options: Any) -> Iterator[Page]:  # noqa: ANN401  # Playwright's own
        """A page in a fresh profile, at ``path`` of the site if one is given."""
        with self.context(**options) as context:
            page = context.new_page()
            if path:
                page.goto(self.site + path)
            yield page

    @contextmanager
    def watched(self, path: str, ready: str, **options: Any) -> Iterator[tuple[Page, Told]]:  # noqa: ANN401
        """The page at ``path`` once ``ready`` is on it.

        At the end nothing may have gone wrong on it, nor may it have asked for anything off the site.
        """
        with self.page(**options) as page:
            told = Told(self.site)
            told.listen(page)
            page.goto(self.site + path)
            page.locator(ready).wait_for()
            yield page, told
            assert told.taken() == []


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """An application on loopback, while it is needed: its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def open_world() -> Iterator[World]:
    """A browser over the application with the project's own data, while it is needed."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with serving(_application()) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE
        )
        yield World(browser, site)
        browser.close()
