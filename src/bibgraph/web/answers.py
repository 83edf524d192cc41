"""HTTP answers: the headers that every representation carries, and 304 for what the client has already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request

from bibgraph import __version__
from bibgraph.media import BY_TYPE, Media
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
    if not version.startswith(_NAMES_NO_CONTENT):
        response.set_etag(_etag(version, media_type, reader().language if localised else ""))
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


def _etag(version: str, media_type: str, language: str) -> str:
    """A strong tag: the graph, the program, the address, the format and the language."""
    seed = "\0".join((version, __version__, request.full_path, media_type, language))
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def harden(response: Response) -> Response:
    """Headers of every answer: nothing may be sniffed, scripted or framed; anybody may read."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Content-Language, Location"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
