"""Visits to the served site, in process: a thing's page, its languages and its documents at one go."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

from flask import Flask
from werkzeug.test import create_environ
from werkzeug.wrappers import Response

from bibgraph.web.export.addresses import SITE, Address, file_of, read
from bibgraph.web.export.links import anatomy
from bibgraph.web.http.formats import HTML

_ACCEPT = "text/html, */*;q=0.5"
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s;,]+))*)")
_PARAMETER = re.compile(r";\s*(rel|type)\s*=\s*\"?([^\";,]+)")
_STEM = re.compile(r"^(?:/linkset(?=/))?(.*?)(?:\.[a-z]+)?$")
_ELSEWHERE = range(300, 400)
MOST_SOURCES = 3
"""So many of the pages that lead to an address are told of."""


@dataclass(frozen=True)
class HeaderLink:
    """A link of a header: where to, by which relation, and of which media type, if it says so."""

    url: str
    rel: str
    type: str


@dataclass(frozen=True)
class Visit:
    """What was found at an address.

    moved: the address that stands for it, if it leads on. file, type: of what was written; empty for nothing.
    own: the address of that without a language, if it is one for all. links: of a page, those of its headers.
    naming: it names the site itself, and is no page. leads: where it leads to, but for what the last visits
    have led to often.
    """

    address: Address
    own: Address
    moved: Address | None = None
    file: str = ""
    type: str = ""
    links: Sequence[HeaderLink] = ()
    naming: bool = False
    leads: Sequence[Address] = ()


@dataclass(frozen=True)
class Visitor:
    """Asks ``app``, and writes what it answers: pages under ``raw``, all else under ``folder``.

    language: that of pages whose address names none. skipped: beginnings of paths that only a server has.
    """

    app: Flask
    folder: Path
    raw: Path
    language: str
    skipped: tuple[str, ...]
    _told_of: Counter[Address] = field(default_factory=Counter)

    def visit(self, addresses: Iterable[Address]) -> list[Visit]:
        """What is at these addresses, and at those of the same things in other forms that they lead to."""
        waiting = deque(addresses)
        known, stems, visits = set(waiting), {stem(one) for one in waiting}, []
        while waiting:
            found = self._ask(waiting.popleft())
            near = [one for one in found.leads if one not in known and stem(one) in stems]
            known.update(near)
            waiting.extend(near)
            visits.append(replace(found, leads=self._news(found.leads)))
        return visits

    def _news(self, leads: Sequence[Address]) -> Sequence[Address]:
        """Those of them that have not been told of as often as anybody wants to know."""
        new = tuple(one for one in leads if self._told_of[one] < MOST_SOURCES)
        self._told_of.update(new)
        return new

    def _ask(self, address: Address) -> Visit:
        environ = {
            **self._environ,
            "PATH_INFO": unquote(address.path, "latin-1"),
            "QUERY_STRING": address.url.partition("?")[2],
            "REQUEST_URI": address.url,
        }
        with Response.from_app(self.app, environ) as response:
            return self._told(address, response)

    @cached_property
    def _environ(self) -> dict[str, object]:
        """What all requests have in common."""
        return create_environ("/", SITE, headers={"Accept": _ACCEPT})

    def _told(self, address: Address, response: Response) -> Visit:
        if response.status_code in _ELSEWHERE:
            place = read(response.headers.get("Location", ""), address, self.language)
            moved = place[0] if place is not None else None
            leads = (moved,) if moved and not moved.path.startswith(self.skipped) else ()
            return Visit(address, address, moved, leads=leads)
        if response.status_code != HTTPStatus.OK:
            return Visit(address, address)
        return self._take(address, response)

    def _take(self, address: Address, response: Response) -> Visit:
        own, type_ = address, response.mimetype or ""
        if type_ != HTML and "accept-language" not in response.headers.get("Vary", "").lower():
            own = Address(address.path, address.query)  # one document for all languages
        file = file_of(own, type_)
        path = (self.raw if type_ == HTML else self.folder) / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(response.data)
        links = tuple(_header_links(response.headers.getlist("Link")))
        is_page = type_ == HTML
        spots = anatomy(response.get_data(as_text=True)).spots if is_page else ()
        urls = dict.fromkeys(spot.url for spot in spots)
        near = self._addresses(own, (link.url for link in links), special=False)
        return Visit(
            address,
            own,
            file=file,
            type=type_,
            links=links if is_page else (),
            naming=not is_page and (SITE.encode() in response.data or "linkset" in type_),
            leads=tuple(dict.fromkeys((*self._addresses(own, urls, special=not own.special), *near))),
        )

    def _addresses(self, page: Address, urls: Iterable[str], *, special: bool) -> Iterator[Address]:
        """Where links lead on this site. special: even to one of the very many that query strings make."""
        for url in urls:
            place = read(url, page, self.language)
            if place is None or place[0].path.startswith(self.skipped):
                continue
            if special or not place[0].special:
                yield place[0]


def stem(address: Address) -> str:
    """What all forms of one document have in common."""
    found = _STEM.match(address.path)
    return found[1] if found else address.path


def _header_links(values: Iterable[str]) -> Iterator[HeaderLink]:
    """The links of headers (RFC 8288)."""
    for value in values:
        for url, parameters in _LINK.findall(value):
            told = dict(_PARAMETER.findall(parameters))
            yield HeaderLink(url, told.get("rel", ""), told.get("type", ""))
