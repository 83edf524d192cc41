"""Changes as Activity Streams 2.0: LD4's Entity Metadata Management API 1.0, and an LDES as well.

The entry point is an OrderedCollection and the root node of a Linked Data Event Stream, whose members are the
activities, in pages; a page once full never changes but for the link to the next. As RDF with named graphs,
each member's graph is what is said of the thing from then on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import BASE, RDF, THINGS, XSD
from bibgraph.publish.patches import MEDIA_TYPE, Kind
from bibgraph.publish.releases import Activity, Release
from bibgraph.publish.telling import sentence
from bibgraph.publish.versions import Labels, Versions
from bibgraph.turtle import label_blank_nodes

AS = "https://www.w3.org/ns/activitystreams#"
EMM = "https://emm-spec.org/1.0/#"
LDES = "https://w3id.org/ldes#"
TREE = "https://w3id.org/tree#"
ENTRY = "changes/activity"
STREAM = f"{BASE}{ENTRY}#stream"
TYPE = "application/activity+json"
PAGE_SIZE = 200
"""Activities on a page. Never to be changed: pages that were read once would hold others."""

_CONTEXTS = (
    {"ldes": LDES, "tree": TREE},
    "https://www.w3.org/ns/activitystreams",
    "https://emm-spec.org/1.0/context.json",
)
_NODE = {"@type": "@id"}
_TIME = {"@type": str(XSD.dateTime)}
_LOCAL: dict[str, object] = {
    # What the contexts above say of the terms that are used here, so that nobody has to be asked for it.
    "as": AS,
    "ldes": LDES,
    "tree": TREE,
    "id": "@id",
    "type": "@type",
    "Deprecate": f"{EMM}Deprecate",
    **{name: f"{AS}{name}" for name in ("Create", "Update", "Delete", "Document")},
    **{name: f"{AS}{name}" for name in ("OrderedCollection", "OrderedCollectionPage")},
    **{name: f"{AS}{name}" for name in ("summary", "mediaType", "totalItems")},
    **{name: {"@id": f"{AS}{name}", **_TIME} for name in ("published", "updated")},
    **{
        name: {"@id": f"{AS}{name}", **_NODE}
        for name in ("url", "first", "last", "prev", "next", "partOf", "object", "instrument", "result")
    },
    "summaryMap": {"@id": f"{AS}summary", "@container": "@language"},
    "orderedItems": {"@id": f"{AS}items", **_NODE, "@container": "@list"},
}

Node = dict[str, object]


@dataclass(frozen=True)
class Page:
    """A part of the stream: activities of one release, the ``number``-th page (from 1) of all."""

    number: int
    release: Release
    activities: Sequence[Activity]

    @property
    def path(self) -> str:
        """Its address from the site's on, without an ending."""
        return f"{ENTRY}/page/{self.number}"


class Stream:
    """The stream of all activities that ``versions`` knows of, as documents of ``site`` (slash last).

    ending: of the addresses of its documents, such as ``.jsonld``, where no server looks at Accept.
    """

    def __init__(self, versions: Versions, site: str, ending: str = "", language: str = "nb") -> None:
        self._versions = versions
        self._site = site
        self._ending = ending
        self._language = language

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """All pages, the oldest first. Each release begins a new one."""
        log = self._versions.log
        parts = [
            (release, log.activities(release)[start : start + PAGE_SIZE])
            for release in log.releases
            for start in range(0, sum(release.things.values()), PAGE_SIZE)
        ]
        return tuple(Page(number, release, part) for number, (release, part) in enumerate(parts, 1))

    def entry(self) -> Node:
        """The entry point (LD4 3.1), which is the root node of the LDES."""
        told = message("Changes in the graph of library policy, release by release, thing by thing.")
        here = self._address(ENTRY)
        edges = {"first": self.pages[0], "last": self.pages[-1]} if self.pages else {}
        return {
            "@context": list(_CONTEXTS),
            "id": here,
            "type": "OrderedCollection",
            "summaryMap": {language: told.text(language) for language in LANGUAGES},
            "summary": told.text(self._language),
            "url": f"{self._site}dumps/bibgraph.nq.gz",
            "totalItems": sum(len(page.activities) for page in self.pages),
            **{name: self._page_link(page) for name, page in edges.items()},
            "tree:relation": [relation for page in self.pages for relation in self._relations(page)],
            "@included": [self._stream(here)],
        }

    def page(self, page: Page) -> Node:
        """A page, which is a change set (LD4 3.2) and a node of the LDES."""
        here = self._address(page.path)
        around = {"prev": page.number - 1, "next": page.number + 1}
        known = {name: self.pages[n - 1] for name, n in around.items() if 0 < n <= len(self.pages)}
        members = [{"id": f"{BASE}{activity.path}"} for activity in page.activities]
        return {
            "@context": list(_CONTEXTS),
            "id": here,
            "type": "OrderedCollectionPage",
            "partOf": {"id": self._address(ENTRY), "type": "OrderedCollection"},
            "totalItems": len(page.activities),
            **{name: self._page_link(other) for name, other in known.items()},
            **({"ldes:immutable": True} if "next" in known else {}),
            "orderedItems": self._items(page.activities),
            "@included": [{**self._stream(self._address(ENTRY)), "tree:member": members}],
        }

    def activity(self, activity: Activity) -> Node:
        """One activity by itself."""
        page = next(page for page in self.pages if activity in page.activities)
        part = {"id": self._address(page.path), "type": "OrderedCollectionPage"}
        return {"@context": list(_CONTEXTS), **self._items([activity])[0], "partOf": part}

    def payload(self, activities: Sequence[Activity]) -> Iterator[ox.Quad]:
        """What is said of each thing after its activity, in a graph named like the activity."""
        for activity in activities:
            graph = ox.NamedNode(f"{BASE}{activity.path}")
            said = self._versions.log.statements(activity.thing, activity.release.number)
            for triple in sorted({quad.triple for quad in said}, key=str):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)

    def _items(self, activities: Sequence[Activity]) -> list[Node]:
        labels = self._versions.labels(activity.thing for activity in activities)
        return [self._item(activity, labels) for activity in activities]

    def _item(self, activity: Activity, labels: Labels) -> Node:
        release = activity.release
        kind = labels.kinds.get(activity.thing)
        patch = {"type": "Document", "id": f"{self._site}{patch_path(release)}", "mediaType": MEDIA_TYPE}
        item: Node = {
            "id": f"{BASE}{activity.path}",
            "type": activity.kind.value,
            "summary": sentence(activity, labels, self._language),
            "published": release.published,
            "object": {
                "id": activity.thing,
                **({"type": kind} if kind else {}),
                "updated": release.published,
            },
            "instrument": patch,
        }
        if activity.thing.startswith(str(THINGS)) and activity.kind is not Kind.DELETE:
            key = activity.thing.removeprefix(str(THINGS))
            item["result"] = {"type": "Document", "id": f"{self._site}doc/{key}?version={release.number}"}
        return item

    def _address(self, path: str) -> str:
        return f"{self._site}{path}{self._ending}"

    def _page_link(self, page: Page) -> Node:
        return {"id": self._address(page.path), "type": "OrderedCollectionPage"}

    def _relations(self, page: Page) -> Iterator[Node]:
        """From when until when the page's activities were published: both bounds, as TREE wants them."""
        for kind in ("GreaterThanOrEqualTo", "LessThanOrEqualTo"):
            yield {
                "type": f"tree:{kind}Relation",
                "tree:node": {"id": self._address(page.path)},
                "tree:path": {"id": f"{AS}published"},
                "tree:value": {"@value": page.release.published, **_TIME},
            }

    def _stream(self, root: str) -> Node:
        paths = {"versionCreate": Kind.CREATE, "versionUpdate": Kind.UPDATE, "versionDelete": Kind.DELETE}
        return {
            "id": STREAM,
            "type": "ldes:EventStream",
            "tree:view": {"id": root},
            "ldes:timestampPath": {"id": f"{AS}published"},
            "ldes:versionOfPath": {"id": f"{AS}object"},
            **{f"ldes:{name}Path": {"id": str(RDF.type)} for name in paths},
            **{f"ldes:{name}Object": {"id": f"{AS}{kind.value}"} for name, kind in paths.items()},
        }


def patch_path(release: Release) -> str:
    """The address of a release's patch from the site's on."""
    return f"changes/releases/{release.number}.rdfp"


def write(node: Node) -> bytes:
    """A document of the stream as JSON-LD."""
    return (json.dumps(node, ensure_ascii=False, indent=1) + "\n").encode()


def quads(node: Node) -> list[ox.Quad]:
    """A document of the stream as RDF; of no context on the web is asked what it says."""
    told = json.dumps({**node, "@context": _LOCAL}).encode()
    return label_blank_nodes(ox.parse(told, format=ox.RdfFormat.JSON_LD), "n")
