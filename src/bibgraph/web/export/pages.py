"""Pages and other files put right for their new place: links without a server, headers told in the head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from bibgraph.messages import LANGUAGES, message
from bibgraph.web.export.addresses import SITE, Address, relative
from bibgraph.web.export.crawl import Crawl, Page
from bibgraph.web.export.links import Anatomy, Cut, Spot, anatomy, rewritten
from bibgraph.web.http.decoding import SAFE

SPARQL, SEARCH, NOT_FOUND = "/sparql", "/search", "/404"
"""Addresses of the pages that a server has in another form."""
ALONE = (SPARQL, SEARCH)
"""Those of them that answer what a query string asks, in the browser."""

_SIGNS = ("cite-as", "describedby", "license", "type", "author", "collection", "item", "linkset")
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'"
_POLICY_OF_SCRIPTS = f"{_POLICY}; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"
_NAMED = re.compile(re.escape(SITE) + r"(/[^\s\"'<>\\)]*)?")
_PATHS = re.compile(r"""(?<=[<"])/[^\s"<>]*(?=[>"])""")
_LINKSET = "/linkset/"


class Links:
    """Where links lead in an export that is served at ``base_url``: to what ``crawl`` found."""

    def __init__(self, crawl: Crawl, base_url: str, language: str) -> None:
        self._crawl = crawl
        self._base = base_url
        self._language = language

    def address(self, file: str) -> str:
        """The whole address of a file."""
        return self._base + quote(file, safe=SAFE)

    def put(self, folder: Path, page: Page, file: str = "") -> None:
        """Write a page with its links put right, as ``file`` or in its own place."""
        own = file or page.file

        def target(spot: Spot) -> str | None:
            return self._target(spot.url, page, own, absolute=spot.rel == "canonical")

        label = message("Search").text(page.address.language or self._language)

        def instead(cut: Cut) -> str:
            """A link in place of a form, if the page that it leads to works without a server."""
            action = Address(cut.action, "", page.address.language).url
            leads = self._target(action, page, own) if cut.action in ALONE else None
            return (
                f'<p><a class="btn" href="{escape(leads)}">{escape(cut.label or label)}</a></p>'
                if leads
                else ""
            )

        text = page.text
        found = anatomy(text)
        text = rewritten(text, found, target, self._head(page, own, found), instead)
        path = folder / own
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._with_names(text, page.address), "utf-8", newline="")

    def name(self, folder: Path, one: tuple[Address, str]) -> None:
        """Put the place of the export for that of the server, in a file: its address and its name."""
        address, path = one[0], folder / one[1]
        text = self._with_names(path.read_text("utf-8"), address)
        if address.path.startswith(_LINKSET):
            text = _PATHS.sub(lambda found: self._whole(found[0], address), text)
        path.write_text(text, "utf-8", newline="")

    def _target(self, url: str, page: Page, file: str, *, absolute: bool = False) -> str | None:
        """Where a link of the page leads in the export; None for nowhere."""
        if url.startswith("#"):
            return url
        try:
            place = self._crawl.place(url, page.address)
        except LookupError:
            return url
        if place is None:
            return None
        leads, tail = place
        anywhere = absolute or page.address.path == NOT_FOUND  # that page is shown at every address
        return (self.address(leads) if anywhere else relative(leads, file)) + tail

    def _head(self, page: Page, file: str, found: Anatomy) -> str:
        """What a server says in headers: what a page may load, its other languages, FAIR Signposting."""
        policy = _POLICY_OF_SCRIPTS if page.address.path in ALONE else _POLICY
        lines = [f'<meta http-equiv="Content-Security-Policy" content="{policy}">']
        if page.address.path != NOT_FOUND:
            if "canonical" not in {spot.rel for spot in found.spots}:
                lines.append(f'<link rel="canonical" href="{escape(self.address(page.file))}">')
            lines += self._languages(page.address)
        for link in page.links:
            target = self._target(link.url, page, file) if link.rel in _SIGNS else None
            if target is not None:
                type_ = f' type="{escape(link.type)}"' if link.type else ""
                lines.append(f'<link rel="{link.rel}" href="{escape(target)}"{type_}>')
        return "\n".join((*lines, ""))

    def _languages(self, address: Address) -> Sequence[str]:
        own = ((one, "" if one == self._language else one) for one in LANGUAGES)
        files = (
            (one, self._crawl.found.files.get(Address(address.path, address.query, tag))) for one, tag in own
        )
        return [
            f'<link rel="alternate" hreflang="{one}" href="{escape(self.address(file))}">'
            for one, file in files
            if file
        ]

    def _with_names(self, text: str, address: Address) -> str:
        return _NAMED.sub(lambda found: self._whole(found[1] or "/", address), text)

    def _whole(self, path: str, page: Address) -> str:
        """The whole address in the export of what a server has at a path; the path itself for nothing."""
        place = self._crawl.place(path, page)
        return self._base + path.lstrip("/") if place is None else self.address(place[0]) + place[1]
