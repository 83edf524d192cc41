"""HTTP answers: the headers that every representation carries, and 304 for what the client has already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request

from bibgraph import __version__
from bibgraph.media import BY_NAME, BY_TYPE, Media
from bibgraph.web.formats import HTML
from bibgraph.web.reader import reader

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SAVED = (BY_NAME["csv"].type, BY_NAME["tsv"].type)
"""Media types that a browser saves rather than shows."""

_NAMES_NO_CONTENT = "remote:"
"""How versions begin that name a service elsewhere, which may change without telling us: no tags then."""


@dataclass(frozen=True)
class Alternate:
    """Another representation of the same thing: its format and its path on this site."""

    media: Media
    path: str

    @property
    def type(self) -> str:
        """Its media type."""
        return self.media.type

    @property
    def name(self) -> str:
        """What people call the format."""
        return _NAMES.get(self.media.name, self.media.name.upper())


_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML", "nt": "N-Triples"}


def alternates(path: str, types: Sequence[str]) -> list[Alternate]:
    """The representations of ``path`` in these media types, each at a path with its own ending."""
    return [Alternate(BY_TYPE[type_], path + BY_TYPE[type_].suffix) for type_ in types]


def represent(
    body: str | bytes,
    media_type: str,
    *,
    version: str,
    links: Sequence[Alternate] = (),
    varies: bool = True,
    localised: bool = False,
) -> Response:
    """An answer in ``media_type``, as every one is sent: typed, tagged, linked; 304 if the client has it.

    varies: the same address has other representations, so that caches must look at the request's wishes.
    localised: not only a page, but data too may differ by the reader's language.
    """
    localised = localised or media_type == HTML
    content_type = BY_TYPE[media_type].content_type if media_type in BY_TYPE else media_type
    response = Response(body, content_type=content_type)
    tag = etag(version, request.full_path, media_type, reader().language if localised else "")
    if tag:
        response.set_etag(tag)
    response.cache_control.no_cache = True
    if varies:
        response.vary.add("Accept")
    if varies or localised:
        response.vary.add("Accept-Language")
    if media_type == HTML:
        response.content_language.add(reader().language)
    for link in links:
        response.headers.add("Link", f'<{link.path}>; rel="alternate"; type="{link.type}"')
    response.make_conditional(request)
    return response


def attachment(media_type: str, name: str = "answer") -> dict[str, str]:
    """The header by which a browser saves what a spreadsheet would run as formulas, and shows the rest."""
    if media_type not in SAVED:
        return {}
    return {"Content-Disposition": f'attachment; filename="{name}{BY_TYPE[media_type].suffix}"'}


def etag(version: str, address: str, media_type: str, language: str = "") -> str:
    """A strong tag: the graph, the program, the address, the format and the language.

    address: path, question mark and query string. Empty for a version that names no content.
    """
    if version.startswith(_NAMES_NO_CONTENT):
        return ""
    seed = "\0".join((version, __version__, address, media_type, language))
    return hashlib.sha256(seed.encode("utf-8", "surrogateescape")).hexdigest()[:32]


HARDENED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Language, Location, Retry-After, X-Total-Count",
}
"""Headers of every answer: nothing may be sniffed, scripted or framed; anybody may read."""


def harden(response: Response) -> Response:
    """Put ``HARDENED`` on an answer, and what a browser asks for before it asks across sites."""
    response.headers.update(HARDENED)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
