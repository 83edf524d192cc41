"""Changes on the web: Activity Streams with LDES, Atom, OAI-PMH, and the releases themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from bibgraph.describe import Describer
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.namespaces import BASE
from bibgraph.publish import activity, atom, oai, patches
from bibgraph.publish.records import Records
from bibgraph.publish.releases import Activity, Release
from bibgraph.publish.telling import sentence
from bibgraph.publish.versions import Versions
from bibgraph.web.described.contact import mailboxes
from bibgraph.web.documents.mementos import Historic
from bibgraph.web.http.addresses import site
from bibgraph.web.http.answers import alternates, represent
from bibgraph.web.http.decoding import fields, iri_path, nothing_of, own_iri, query_string
from bibgraph.web.http.formats import HTML, choose
from bibgraph.web.http.reader import reader
from bibgraph.web.parts.display import canonical
from bibgraph.web.rdf.serialising import serialise

JSON = "application/json"
_STREAM = (
    activity.TYPE,
    BY_NAME["jsonld"].type,
    JSON,
    *(BY_NAME[name].type for name in ("trig", "nq", "ttl")),
)
_AS_JSON = (activity.TYPE, BY_NAME["jsonld"].type, JSON)
_WITH_GRAPHS = (BY_NAME["trig"].type, BY_NAME["nq"].type)
_PREFIXES = {"as": activity.AS, "ldes": activity.LDES, "tree": activity.TREE}
_PAGE = re.compile(r"(?:^|/)page/([1-9][0-9]{0,6})\Z")
_AS_FILES = tuple(BY_NAME[name].type for name in ("jsonld", "trig"))
_YEAR = 365 * 24 * 3600


class Feeds(Historic):
    """What changed in ``graph`` from release to release, in the dialects that others follow."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self.describer = Describer(graph.store, graph.repository)

    @property
    def records(self) -> Records:
        """The things that the versions tell of."""
        return _records(self.versions)

    def blueprint(self) -> Blueprint:
        """The addresses of feeds, streams and releases."""
        pages = Blueprint("feeds", __name__)
        for rule, name, view in (
            (f"/{atom.PATH}", "feed", self.feed),
            (f"/{atom.PATH}{atom.ENDING}", "feed_file", self.feed),
            (f"/{atom.PATH}/<path:key>", "feed_of", self.feed),
            (f"/{activity.ENTRY}", "stream", self.stream),
            (f"/{activity.ENTRY}.<ending>", "stream_file", self.stream),
            (f"/{activity.ENTRY}/page/<int:number>", "page", self.page),
            (f"/{activity.ENTRY}/page/<int:number>.<ending>", "page_file", self.page),
            (f"/{activity.ENTRY}/<int:number>/<int:index>", "activity", self.one),
            ("/changes/releases", "releases", self.releases),
            ("/changes/releases/<int:number>.rdfp", "patch", self.patch),
            ("/changes/releases/<int:number>.nq", "state", self.state),
        ):
            pages.add_url_rule(rule, name, view)
        pages.add_url_rule("/oai", "oai", self.oai, methods=["GET", "POST"])
        return pages

    def feed(self, key: str = "") -> Response:
        """The Atom feed of everything, or of what concerns the thing with this key."""
        tail = iri_path(key.rstrip("/")).removesuffix(atom.ENDING)
        at = _PAGE.search(tail)
        page, tail = (int(at[1]), tail[: at.start()].rstrip("/")) if at else (1, tail)
        thing = own_iri(f"id/{tail}") if tail else ""
        told = atom.entries(self.versions, thing)
        if thing and not told and not self.describer.exists(thing):
            raise nothing_of(thing)
        if not 0 < page <= atom.pages_of(told):
            raise _no_page(page)
        body = atom.feed(self.versions, told, thing=thing, page=page, site=site(), language=reader().language)
        kind = f"{atom.TYPE}; charset=utf-8"
        return self._send(body, kind, varies=False, localised=True)

    def stream(self, ending: str = "") -> Response:
        """The entry point of the stream; as a page, its parts, the newest first."""
        stream, kind = self._stream(ending), self._kind(ending)
        if kind == HTML:
            return self._page("stream.html", parts=tuple(reversed(stream.pages)))
        return self._node(stream.entry(), kind, ending)

    def page(self, number: int, ending: str = "") -> Response:
        """A page of the stream. One that others follow will never change, and says so."""
        stream = self._stream(ending)
        if not 0 < number <= len(stream.pages):
            raise _no_page(number)
        page, kind = stream.pages[number - 1], self._kind(ending)
        if kind == HTML:
            last = len(stream.pages)
            return self._page("activities.html", activities=page.activities, number=number, last=last)
        response = self._node(stream.page(page), kind, ending, lambda: stream.payload(page.activities))
        if number < len(stream.pages):
            response.cache_control.no_cache = None
            response.cache_control.max_age = _YEAR
            response.cache_control.public = response.cache_control.immutable = True
        return response

    def one(self, number: int, index: int) -> Response:
        """One activity."""
        known = self.log.activities(self._release(number))
        if not 0 < index <= len(known):
            raise nothing_of(request.path)
        stream, found, kind = self._stream(""), known[index - 1], self._kind("")
        if kind == HTML:
            return self._page("activities.html", activities=[found], number=0, last=0)
        return self._node(stream.activity(found), kind, "", lambda: stream.payload([found]))

    def releases(self) -> Response:
        """The list of releases, the newest first, as a page or as JSON."""
        kind = choose(request.args.get("format", ""), (HTML, JSON))
        found = list(reversed(self.log.releases))
        if kind == JSON:
            told = [json.loads(release.json()) for release in found]
            return self._send(json.dumps(told, ensure_ascii=False, indent=2) + "\n", JSON)
        crumbs = [("", message("Releases").text(reader().language))]
        body = render_template("releases.html", releases=found, crumbs=crumbs, alternates=[])
        return self._send(body, HTML)

    def patch(self, number: int) -> Response:
        """What changed with a release, as an RDF patch."""
        text = self.log.patch(self._release(number))
        return self._send(text, f"{patches.MEDIA_TYPE}; charset=utf-8", varies=False)

    def state(self, number: int) -> Response:
        """The graph as it was released, as N-Quads."""
        self._release(number)
        lines = "".join(f"{quad} .\n" for quad in self.log.state(number))
        return self._send(lines, BY_NAME["nq"].type, varies=False)

    def oai(self) -> Response:
        """The answer to a request of OAI-PMH; its errors are answers too."""
        if request.method == "POST":
            asked = fields(request.get_data(), "body").pairs
        else:
            asked = query_string(request.environ).pairs
        provider = oai.Provider(self.records, f"{site()}oai", reader().language, mailboxes())
        response = Response(provider.answer(asked, datetime.now(UTC)), content_type=oai.TYPE)
        response.cache_control.no_store = True
        return response

    def _stream(self, ending: str) -> activity.Stream:
        return activity.Stream(self.versions, site(), f".{ending}" if ending else "")

    def _kind(self, ending: str) -> str:
        """The format of a document of the stream that is asked for."""
        return choose(ending or request.args.get("format", ""), (*_STREAM, HTML))

    def _page(self, template: str, activities: Sequence[Activity] = (), **told: object) -> Response:
        """A page that tells what a document of the stream does."""
        labels = self.versions.labels(each.thing for each in activities)
        language, path = reader().language, request.path.removesuffix(".html")
        crumbs = [("/changes/releases", message("Releases").text(language))]
        body = render_template(
            template,
            activities=[(each, sentence(each, labels, language), _place(each.thing)) for each in activities],
            crumbs=[*crumbs, ("", message("Changes thing by thing").text(language))],
            alternates=alternates(path, _AS_FILES) if "number" not in told or told["number"] else [],
            **told,
        )
        return self._send(body, HTML)

    def _node(
        self, node: activity.Node, kind: str, ending: str, payload: Callable[[], Iterable[ox.Quad]] = tuple
    ) -> Response:
        """A document of the stream; in a format with named graphs, the members' content too."""
        varies = not ending
        if kind in _AS_JSON:
            return self._send(activity.write(node), kind, varies=varies)
        quads = activity.quads(node)
        if kind in _WITH_GRAPHS:
            quads += payload()
        body = serialise(quads, kind, prefixes=_PREFIXES)
        return self._send(body, kind, varies=varies)

    def _release(self, number: int) -> Release:
        found = self.log.find(str(number))
        if found is None:
            raise NotFound(
                message("There is no release {version}.", version=number),
                hint=message("See what there is at /changes/releases."),
            )
        return found

    def _send(
        self, body: str | bytes, kind: str, *, varies: bool = True, localised: bool = False
    ) -> Response:
        """An answer that depends on the log of releases and on the address that it is read from."""
        latest = self.log.latest
        version = f"{latest.version if latest else ''} {len(self.log.releases)} {site()}"
        response = represent(body, kind, version=version, varies=varies, localised=localised)
        if latest and latest.time <= datetime.now(UTC):
            response.last_modified = latest.time
        return response


@lru_cache(maxsize=2)
def _records(versions: Versions) -> Records:
    return Records(versions)


def _place(thing: str) -> str:
    """Where the page about a thing of ours is."""
    return canonical(thing) if thing.startswith(BASE) else ""


def _no_page(number: int) -> NotFound:
    return NotFound(
        message("There is no page {number}.", number=number), hint=message("Begin with the first one.")
    )
