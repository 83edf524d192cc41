"""Addresses that are nearly right: the one form of each that is led to, and what is gone for good."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from flask import Response, g, request

from bibgraph.errors import NotAcceptable, NotFound
from bibgraph.messages import message
from bibgraph.publish.releases import Removal
from bibgraph.web.http.decoding import MalformedRequest, url_path
from bibgraph.web.http.formats import Wanted, choose
from bibgraph.web.http.reader import PAGE, reader

_MANY_SLASHES = re.compile(r"/{2,}")
_WITH_KEY = re.compile(r"/(?:id|doc|graph)/[^/]")
_KEPT = ("format", PAGE, "version")
_MOST_PAGES = 100_000
_PERMANENT = 301


class Gone(NotFound):
    """There was such a thing, and it has been taken out."""


def right_form(tail: str, exists: Callable[[str], bool]) -> str:
    """The path that ``tail`` must mean: without slashes too many, in NFC, in lower case; empty if none is."""
    found = [candidate for candidate in dict.fromkeys(_candidates(tail)) if candidate and exists(candidate)]
    return found[0] if found else ""


def _candidates(tail: str) -> Iterator[str]:
    """From the nearest to the farthest; all mean one thing, since no two things differ so little."""
    plain = "/".join(piece for piece in tail.split("/") if piece)
    composed = unicodedata.normalize("NFC", plain)
    yield from (plain, composed, composed.lower(), unicodedata.normalize("NFD", plain))


def refuse_format(want: Wanted, exists: Callable[[], bool]) -> None:
    """Raise NotAcceptable, before all is read, where what is asked for is there, but not in that format."""
    try:
        choose(want.named, want.offered)
    except NotAcceptable:
        if exists():
            raise


def moved(path: str, status: int = _PERMANENT) -> Response:
    """A redirect to a path of this site as it stands in an IRI; what the query string asks for is kept."""
    kept = [(name, request.args[name]) for name in _KEPT if name in request.args]
    target = reader().link(url_path(path) + (f"?{urlencode(kept)}" if kept else ""))
    return Response(f"{target}\n", status, {"Location": target}, content_type="text/plain; charset=utf-8")


def single_slashes() -> Response | None:
    """301 for who reads at an address with slashes too many: to that with one in each place.

    Things and graphs see to those inside their keys themselves.
    """
    path = _path()
    if request.method not in ("GET", "HEAD") or "//" not in path or _WITH_KEY.match(path):
        return None
    return moved_whole(_MANY_SLASHES.sub("/", path))


def no_last_slash() -> Response | None:
    """301 for who reads at an address of ours with a slash after it: to that without.

    Things, and what else has slashes in its key, see to their own.
    """
    path, rule = _path(), request.url_rule
    if request.method not in ("GET", "HEAD") or rule is None or not path.endswith("/"):
        return None
    return None if rule.rule.endswith("/") or "<path:" in rule.rule else moved_whole(path.rstrip("/"))


def _path() -> str:
    return str(request.environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8", "replace")


def moved_whole(path: str) -> Response:
    """A redirect to this path, with all that the query string asks for."""
    told = request.query_string.decode("latin-1")
    target = url_path(path) + (f"?{told}" if told else "")
    return Response(f"{target}\n", _PERMANENT, {"Location": target}, content_type="text/plain; charset=utf-8")


def gone(iri: str, removal: Removal) -> Gone:
    """The error for a thing that was taken out of the graph."""
    hint = (
        message("It is replaced by {successor}.", successor=removal.successor)
        if removal.successor
        else message("See what it was in an earlier release, at /changes/releases.")
    )
    return Gone(message("{iri} was taken out of the graph on {date}.", iri=iri, date=removal.date), hint=hint)


def page_asked() -> int:
    """The page that ``?page=`` asks for, from 1. Raises MalformedRequest for what is no page."""
    stated = request.args.get(PAGE, "1")
    if stated.isascii() and stated.isdecimal() and len(stated) < len(str(_MOST_PAGES)) and int(stated):
        return int(stated)
    raise MalformedRequest(
        message("There is no page {number}.", number=stated), hint=message("Pages are counted from 1.")
    )


def site() -> str:
    """The address of this site as the reader wrote it, with a slash at the end.

    The answer that it is asked for differs by it: see ``scheme_told``.
    """
    g.site_told = True
    # As it came: Flask takes some names of hosts for none, and what the server let in is one.
    return f"{_scheme()}://{request.environ.get('HTTP_HOST') or request.host}/"


def scheme_told() -> str:
    """The scheme in the address of this site, if that is in the present answer; else empty."""
    return _scheme() if g.get("site_told") else ""


def _scheme() -> str:
    """The scheme of the address as the reader wrote it, perhaps to a proxy."""
    said = request.headers.get("X-Forwarded-Proto", "")
    return said if said in ("http", "https") else request.scheme
