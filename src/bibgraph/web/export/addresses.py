"""Addresses of the served site, and the files that stand for them in the exported one."""

from __future__ import annotations

import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from bibgraph.media import BY_TYPE
from bibgraph.messages import LANGUAGES
from bibgraph.web.http.decoding import SAFE
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.reader import PAGE, PARAMETER

SITE = "http://export.invalid"
"""The host that the pages are made for; wherever it is named, the address is one of the site itself."""

_PAGE_ENDING = ".html"
_STATIC = "/static/"
_THINGS, _DOCUMENTS = "/id", "/doc"
_SOURCES, _LIT = "/sources/", "lines"
"""Pages that light lines on demand: without a server, the fragment lights the first of these."""
_REMEMBERED = 1 << 16
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,60}")
_ENDINGS = {
    "application/activity+json": ".json",
    "application/atom+xml": ".atom",
    "application/json": ".json",
    "application/linkset": ".txt",
    "application/linkset+json": ".json",
    "application/xml": ".xml",
    "text/plain": ".txt",
}


@dataclass(frozen=True, order=True)
class Address:
    """A page or document of the site: its path as URLs have it, the rest of its query, its language.

    language: empty for the one that the site has without being asked.
    """

    path: str
    query: str = ""
    language: str = ""

    @property
    def url(self) -> str:
        """The path and query string to ask the served site for it."""
        told = "&".join(
            part for part in (self.query, f"{PARAMETER}={self.language}" if self.language else "") if part
        )
        return f"{self.path}?{told}" if told else self.path

    @property
    def special(self) -> bool:
        """Whether it is one of very many that a query string can make: not simply a page of a list."""
        return any(name != PAGE for name, _ in parse_qsl(self.query, keep_blank_values=True))


def read(url: str, base: Address, default: str) -> tuple[Address, str] | None:
    """The address that a link on the page ``base`` leads to, and its fragment; None for other sites.

    default: the language that needs not be named.
    """
    return _read(url if url.startswith("/") or _SCHEME.match(url) else urljoin(SITE + base.url, url), default)


@lru_cache(maxsize=_REMEMBERED)
def _read(url: str, default: str) -> tuple[Address, str] | None:
    parts = urlsplit(urljoin(SITE, url))
    if f"{parts.scheme}://{parts.netloc}" != SITE:
        return None
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    named = next((value for name, value in pairs if name == PARAMETER and value in LANGUAGES), "")
    path = quote(unquote(parts.path), safe=SAFE).removesuffix(_PAGE_ENDING).rstrip("/") or "/"
    if path == _THINGS or path.startswith(f"{_THINGS}/"):
        path = _DOCUMENTS + path.removeprefix(_THINGS)  # as a server leads on
    left_out = (PARAMETER, _LIT) if path.startswith(_SOURCES) else (PARAMETER,)
    kept = urlencode([pair for pair in pairs if pair[0] not in left_out])
    if path.startswith(_STATIC):
        return Address(path), parts.fragment
    return Address(path, kept, "" if named == default else named), parts.fragment


def file_of(address: Address, media_type: str) -> str:
    """The file for what was found there, from the folder of the export on."""
    path = unquote(address.path).strip("/")
    if media_type == HTML:
        path = f"{path or 'index'}{_PAGE_ENDING}"
    elif not _ENDING.search(path):
        path += ending(media_type)
    if address.query:
        stem, dot, last = path.rpartition(".")
        path = f"{stem}_{_slug(address.query)}{dot}{last}"
    return f"{address.language}/{path}" if address.language else path


def ending(media_type: str) -> str:
    """How files of a media type end."""
    if media_type in BY_TYPE:
        return BY_TYPE[media_type].suffix
    return _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"


def relative(target: str, page: str) -> str:
    """The link from one file to another."""
    return _from_folder(target, posixpath.dirname(page) or ".")


@lru_cache(maxsize=_REMEMBERED)
def _from_folder(target: str, folder: str) -> str:
    return quote(posixpath.relpath(target, folder), safe=SAFE)


def _slug(query: str) -> str:
    """A query string as a part of a file's name; two that differ have two names."""
    told = query.replace("=", "-").replace("&", "_")
    if _PLAIN.fullmatch(told):
        return told
    return hashlib.sha256(query.encode()).hexdigest()[:16]
