"""Changes as Atom feeds (RFC 4287), in pages (RFC 5005): of everything, or of what concerns one thing."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from bibgraph.describe import value_of
from bibgraph.messages import message
from bibgraph.namespaces import BASE, THINGS, shorten
from bibgraph.publish.activity import AS
from bibgraph.publish.activity import TYPE as STREAM_TYPE
from bibgraph.publish.markup import add, document
from bibgraph.publish.patches import Kind
from bibgraph.publish.releases import Activity
from bibgraph.publish.telling import head, sentence
from bibgraph.publish.versions import Labels, Versions

TYPE = "application/atom+xml"
PATH = "feed"
ENDING = ".atom"
PAGE_SIZE = 100
"""Entries on a page."""

_BEGINNING = "1970-01-01T00:00:00Z"
_SINCE = 2026
_MOST_LINES = 20


def path_of(thing: str, page: int = 1) -> str:
    """The address of a page of the feed about a thing, from the site's on; empty: about everything."""
    own = f"{PATH}/{thing.removeprefix(str(THINGS))}" if thing else PATH
    return f"{own}/page/{page}{ENDING}" if page > 1 else f"{own}{ENDING}"


def pages_of(told: Sequence[Activity]) -> int:
    """How many pages a feed has."""
    return max(1, -(-len(told) // PAGE_SIZE))


def entries(versions: Versions, thing: str = "") -> list[Activity]:
    """What a feed tells, the newest first."""
    log = versions.log
    found = log.concerning(thing) if thing else [a for r in log.releases for a in log.activities(r)]
    return sorted(found, key=lambda activity: (-activity.release.number, activity.index))


def feed(
    versions: Versions, told: Sequence[Activity], *, thing: str, page: int, site: str, language: str
) -> bytes:
    """The ``page``-th page (from 1) of the feed about ``thing``, or about everything, in which ``told`` is.

    site: the address of the site that it is read from, with a slash last.
    """
    pages = pages_of(told)
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    add(root, "id", _tag(path_of(thing).removesuffix(ENDING)))
    add(root, "title", _title(versions, thing, language))
    add(root, "updated", told[0].release.published if told else _BEGINNING)
    add(add(root, "author"), "name", "bibgraph")
    around = {"self": page, "first": 1, "previous": page - 1, "next": page + 1, "last": pages}
    for relation, number in around.items():
        if 0 < number <= pages:
            _link(root, relation, site + path_of(thing, number), TYPE)
    _link(root, "alternate", f"{site}doc/{thing.removeprefix(str(THINGS))}" if thing else site, "text/html")
    shown = told[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    labels = versions.labels(activity.thing for activity in shown)
    for activity in shown:
        _entry(root, activity, labels, site, language)
    return document(root)


def _entry(root: Element, activity: Activity, labels: Labels, site: str, language: str) -> None:
    release, change = activity.release, activity.change
    entry = add(root, "entry")
    add(entry, "id", _tag(activity.path))
    add(entry, "title", sentence(activity, labels, language))
    for name in ("updated", "published"):
        add(entry, name, release.published)
    _link(entry, "alternate", _state(activity, site), "")
    _link(entry, "via", f"{site}{activity.path}", STREAM_TYPE)
    told = {"term": activity.kind.value, "scheme": AS, "label": head(activity.kind).text(language)}
    add(entry, "category", attributes=told)
    kind = labels.kinds.get(activity.thing)
    if kind:
        add(entry, "category", attributes={"term": kind, "label": labels.kind(activity.thing, language)})
    counts = message(
        "Statements added: {came}; removed: {went}.", came=len(change.added), went=len(change.removed)
    )
    add(entry, "summary", counts.text(language))
    add(entry, "content", "\n".join(_lines(activity)), {"type": "text"})


def _link(parent: Element, relation: str, address: str, type_: str) -> None:
    add(parent, "link", attributes={"rel": relation, **({"type": type_} if type_ else {}), "href": address})


def _lines(activity: Activity) -> list[str]:
    """The statements that went and came, one a line; of many the first ones."""
    lines = [
        f"{sign} {shorten(quad.predicate.value)} {value_of(quad.object)}"
        for sign, quads in (("−", activity.change.removed), ("+", activity.change.added))
        for quad in quads
    ]
    return lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], "…"]


def _state(activity: Activity, site: str) -> str:
    """The thing as it was then; for one that went, as it was before; others at their own address."""
    if not activity.thing.startswith(str(THINGS)):
        return activity.thing
    number = activity.release.number - (activity.kind is Kind.DELETE)
    return f"{site}doc/{activity.thing.removeprefix(str(THINGS))}?version={number}"


def _title(versions: Versions, thing: str, language: str) -> str:
    if not thing:
        return message("Changes in the graph of library policy").text(language)
    name = versions.labels([thing]).name(thing, language).text
    return message("Changes that concern {name}", name=name).text(language)


def _tag(path: str) -> str:
    """An identifier for good (RFC 4151), whatever host the feed is read from."""
    parts = urlsplit(BASE)
    return f"tag:{parts.netloc},{_SINCE}:{parts.path.strip('/')}/{path}"
