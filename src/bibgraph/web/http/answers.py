"""HTTP answers: the headers that every representation carries, and 304 for what the client has already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, current_app, request

from bibgraph import __version__
from bibgraph.media import BY_NAME, BY_TYPE, Media
from bibgraph.messages import LANGUAGES
from bibgraph.store.serving import NAMES_NO_CONTENT
from bibgraph.web.http.addresses import scheme_told
from bibgraph.web.http.decoding import SAFE
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.reader import PAGE, PARAMETER, reader, turn

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page may load where it says nothing else: styles and pictures of this site, no scripts."""

SAVED = (BY_NAME["csv"].type, BY_NAME["tsv"].type)
"""Media types that a browser saves rather than shows."""


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


_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML", "nt": "N-Triples", "trig": "TriG"}


@dataclass(frozen=True)
class Link:
    """A link of a header (RFC 8288): where to, by which relation, and what is there."""

    target: str
    rel: str
    type: str = ""
    language: str = ""

    def __str__(self) -> str:
        more = (("rel", self.rel), ("type", self.type), ("hreflang", self.language))
        return "; ".join((f"<{self.target}>", *(f'{name}="{value}"' for name, value in more if value)))


@dataclass(frozen=True)
class Document:
    """What a document's headers say beside its format.

    path: of all its formats together. links: further ones. modified: when it last changed, as a header has
    it; empty if that is not known. page, more: of a long one this page, and whether others follow.
    page_in_html: whether one of its formats is a page for readers.
    """

    path: str
    links: Sequence[Link] = ()
    modified: str = ""
    page: int = 1
    more: bool = False
    page_in_html: bool = True


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
    document: Document | None = None,
) -> Response:
    """An answer in ``media_type``, as every one is sent: typed, tagged, linked; 304 if the client has it.

    varies: the same address has other representations, so that caches must look at the request's wishes.
    localised: not only a page, but data too may differ by the reader's language. document: more of it, if it
    is one.
    """
    localised = localised or media_type == HTML
    content_type = BY_TYPE[media_type].content_type if media_type in BY_TYPE else media_type
    response = Response(body, content_type=content_type)
    state, address = version + current_app.config.get(QUERIES, ""), scheme_told() + request.full_path
    tag = etag(state, address, media_type, reader().language if localised else "")
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
        response.headers.add("Link", str(Link(link.path, "alternate", link.type)))
    if document is not None:
        _document(response, document, media_type, tag)
    response.make_conditional(request)
    return response


def _document(response: Response, document: Document, media_type: str, tag: str) -> None:
    """The headers of a document. Without a tag it may change at any time, so that no day is named."""
    here, html = document.path, document.path + BY_NAME["html"].suffix
    exact = here + BY_TYPE[media_type].suffix
    if quote(request.path, safe=SAFE) != exact:
        language = reader().language if media_type == HTML else ""
        response.headers["Content-Location"] = exact + _query(document.page, language)
    links: list[Link] = []
    if media_type == HTML:
        links += [Link(f"{html}?{PARAMETER}={one}", "alternate", HTML, one) for one in LANGUAGES]
    elif document.page_in_html:
        links += [Link(html, "alternate", HTML), Link(here, "describes", HTML)]
    around = (("prev", document.page - 1, document.page > 1), ("next", document.page + 1, document.more))
    links += [Link(turn(number), rel, media_type) for rel, number, is_there in around if is_there]
    for link in (*links, *document.links):
        response.headers.add("Link", str(link))
    if document.modified and tag:
        response.headers["Last-Modified"] = document.modified


def _query(page: int, language: str = "") -> str:
    stated = ((PARAMETER, language), (PAGE, str(page) if page > 1 else ""))
    query = "&".join(f"{name}={value}" for name, value in stated if value)
    return f"?{query}" if query else ""


def attachment(media_type: str, name: str = "answer") -> dict[str, str]:
    """The header by which a browser saves what a spreadsheet would run as formulas, and shows the rest."""
    if media_type not in SAVED:
        return {}
    return {"Content-Disposition": f'attachment; filename="{name}{BY_TYPE[media_type].suffix}"'}


def etag(version: str, address: str, media_type: str, language: str = "") -> str:
    """A strong tag: the graph, the program, the address, the format and the language.

    version: of the graph, perhaps with that of the queries after it. address: path, question mark and query
    string. Empty for a version that names no content.
    """
    if version.startswith(NAMES_NO_CONTENT):
        return ""
    seed = "\0".join((version, __version__, address, media_type, language))
    return hashlib.sha256(seed.encode("utf-8", "surrogateescape")).hexdigest()[:32]


QUERIES = "BIBGRAPH_QUERIES"
"""The setting of an application that names what its pages ask: see ``Repository.queries_version``."""
HARDENED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Last-Modified, Content-Location, Content-Language, "
    "Location, Accept-Ranges, Content-Range, Memento-Datetime, Retry-After, X-Total-Count",
}
"""Headers of every answer: nothing may be sniffed, scripted or framed; anybody may read."""
_OF_ALL = "GET, HEAD, POST, OPTIONS"
_READ = (
    "Accept, Accept-Datetime, Accept-Language, Authorization, Cache-Control, Content-Type, If-Match, "
    "If-Modified-Since, If-None-Match, If-Unmodified-Since, Pragma, Range, X-Requested-With"
)
"""Headers that scripts of other sites may send: all that are looked at here, and what libraries add."""


def harden(response: Response) -> Response:
    """Put ``HARDENED`` on an answer, and what a browser asks for before it asks across sites.

    An answer that has a policy of its own keeps it.
    """
    for name, value in HARDENED.items():
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", _OF_ALL)
        response.headers["Access-Control-Allow-Headers"] = _READ
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
