"""Documents as they were (Memento, RFC 7089): ``?version=``, TimeGates, TimeMaps and the headers for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request
from werkzeug.http import http_date, parse_date

from bibgraph.describe import Describer
from bibgraph.errors import NotFound
from bibgraph.graph import Graph
from bibgraph.messages import message
from bibgraph.namespaces import THINGS
from bibgraph.publish.atom import TYPE, path_of
from bibgraph.publish.patches import Kind
from bibgraph.publish.releases import Log, Release
from bibgraph.publish.versions import Versions
from bibgraph.web.http.addresses import site
from bibgraph.web.http.answers import etag
from bibgraph.web.http.decoding import MalformedRequest, iri_path, nothing_of, own_iri, query_string, url_path
from bibgraph.web.http.formats import wanted
from bibgraph.web.http.reader import PARAMETER

LINK_FORMAT = "application/link-format"
VERSION = "version"
HEADER = "Accept-Datetime"

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Memento:
    """A past state of the graph: the release, and who can be asked about things as they were then."""

    release: Release
    describer: Describer

    @property
    def version(self) -> str:
        """Names the state, for tags."""
        return self.release.version


def history(graph: Graph) -> Versions:
    """The versions of a graph that is served, as it is now. Raises SourceError for a damaged log.

    The project's log is that of the project's graph: other files, and services that hold something else, have
    none. What a service holds may be heard of later, and change.
    """
    return _history(graph, graph.version)


@lru_cache(maxsize=2)
def _history(graph: Graph, version: str) -> Versions:
    log = Log.read(graph.repository.root)
    return Versions(log if _is_of(log, graph, version) else Log(log.folder), graph.repository)


def _is_of(log: Log, graph: Graph, version: str) -> bool:
    """Whether it is the graph that was released, or what has become of it since."""
    if not log.releases or not _HASH.fullmatch(version):
        return False
    released = any(release.version == version for release in log.releases)
    return released or graph.repository.version == version


class Historic:
    """What knows the versions of ``graph`` as they are when they are asked for."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        history(graph)  # so that a damaged log is told of at once

    @property
    def versions(self) -> Versions:
        """The versions of the graph."""
        return history(self.graph)

    @property
    def log(self) -> Log:
        """The log of releases."""
        return self.versions.log


class Mementos(Historic):
    """Which version of a document a request asks for, and what its answer says of the others."""

    def blueprint(self) -> Blueprint:
        """TimeGates and TimeMaps of documents."""
        pages = Blueprint("mementos", __name__)
        for key in ("", ".<ending>", "/<path:key>"):
            pages.add_url_rule(f"/timegate/doc{key}", "timegate", self.timegate)
            pages.add_url_rule(f"/timemap/doc{key}", "timemap", self.timemap)
        return pages

    def asked(self, iri: str) -> Memento | None:
        """The version that the current request wants of the document about ``iri``; None for the present.

        A wish by the header Accept-Datetime is answered at once, by 302 to that version. Raises NotFound for
        a version that there is not, MalformedRequest for a time that cannot be read.
        """
        text = query_string(request.environ).first(VERSION)
        if text:
            release = self.log.find(text)
            if release is None:
                raise NotFound(
                    message("There is no release {version}.", version=text),
                    hint=message("See what there is at /changes/releases."),
                )
            return Memento(release, self.versions.describer(release.number))
        known = self.known(iri)
        if known and request.headers.get(HEADER):
            abort(self._redirect(request.path, known))
        return None

    def known(self, iri: str) -> list[Release]:
        """The releases that have the thing, or something in the collection, with this IRI."""
        log = self.log
        inside = () if log.of(iri) else [t for t in log.by_thing if t.startswith(f"{iri}/")]
        alive: set[str] = set()
        found = []
        for release in log.releases:
            for thing in (iri, *inside):
                for activity in log.of(thing):
                    if activity.release is release:
                        (alive.discard if activity.kind is Kind.DELETE else alive.add)(thing)
            if alive:
                found.append(release)
        return found

    def decorate(self, response: Response, iri: str, memento: Memento | None = None) -> Response:
        """The answer with its Memento headers: what it is a version of, and where the other versions are.

        The present document also leads to the feed of its changes.
        """
        known = self.known(iri)
        if not known:
            return response
        path = request.path
        for address, relation in (
            (path, "original"),
            (f"/timegate{_plain(path)}", "timegate"),
            (f"/timemap{_plain(path)}", f'timemap"; type="{LINK_FORMAT}'),
        ):
            response.headers.add("Link", f'<{address}>; rel="{relation}"')
        if memento is None:
            response.vary.add(HEADER)
            feed = path_of(iri if iri.startswith(str(THINGS)) else "")
            response.headers.add("Link", f'</{feed}>; rel="alternate"; type="{TYPE}"')
            for release, relation in _edges(known):
                response.headers.add("Link", f"<{_of(path, release)}>; {_told(release, relation)}")
            return response
        response.headers.pop("Content-Location", None)  # that is where the present document is
        response.headers["Memento-Datetime"] = http_date(memento.release.time)
        response.last_modified = memento.release.time
        for release, relation in _around(known, memento.release):
            response.headers.add("Link", f"<{_of(path, release)}>; {_told(release, relation)}")
        return response

    def timegate(self, key: str = "", ending: str = "") -> Response:
        """302 to the version in force at the time that Accept-Datetime names; without it, to the newest."""
        iri, path = _document(key, ending)
        known = self.known(iri)
        if not known:
            raise nothing_of(iri)
        return self._redirect(path, known)

    def timemap(self, key: str = "", ending: str = "") -> Response:
        """All versions of a document, in the link format (RFC 6690, RFC 7089 section 5)."""
        iri, path = _document(key, ending)
        known = self.known(iri)
        if not known:
            raise nothing_of(iri)
        here = site().rstrip("/")
        first, last = (http_date(release.time) for release in (known[0], known[-1]))
        lines = [
            f'<{here}{path}>; rel="original"',
            f'<{here}/timegate{path}>; rel="timegate"',
            f'<{here}/timemap{path}>; rel="self"; type="{LINK_FORMAT}"; from="{first}"; until="{last}"',
        ]
        edges = dict(_edges(known))
        lines += [
            f"<{here}{_of(path, release)}>; {_told(release, edges.get(release, 'memento'))}"
            for release in known
        ]
        response = Response(",\n".join(lines) + "\n", content_type=LINK_FORMAT)
        response.set_etag(etag(f"{known[-1].version} {len(known)}", here + request.full_path, LINK_FORMAT))
        response.cache_control.no_cache = True
        return response

    def _redirect(self, path: str, known: Sequence[Release]) -> Response:
        said = request.headers.get(HEADER, "")
        moment = parse_date(said)
        if said and moment is None:
            raise MalformedRequest(
                message("The time {text!r} cannot be read.", text=said),
                where=HEADER,
                hint=message("Write it so: {example}", example="Sun, 22 Nov 2026 00:00:00 GMT"),
            )
        past = [release for release in known if moment is None or release.time <= moment]
        chosen = past[-1] if past else known[0]
        address = _of(path, chosen)
        response = Response(f"{address}\n", 302, {"Location": address}, content_type="text/plain")
        response.vary.update([HEADER, "Accept", "Accept-Language"])
        response.headers.add("Link", f'<{path}>; rel="original"')
        response.headers.add("Link", f'</timemap{_plain(path)}>; rel="timemap"; type="{LINK_FORMAT}"')
        return response


def _document(key: str, ending: str) -> tuple[str, str]:
    """The IRI of the thing, and the path of the document about it, by the key of a TimeGate or TimeMap.

    ending: of the list of all things, which has no key.
    """
    if ending and wanted(f"doc.{ending}").key != "doc":
        raise nothing_of(own_iri(f"id.{iri_path(ending)}"))
    if ending:
        return own_iri("id"), f"/doc.{ending}"
    tail = iri_path(key.rstrip("/"))
    return own_iri(f"id/{wanted(tail).key}".rstrip("/")), f"/doc/{url_path(tail)}".rstrip("/")


def _plain(path: str) -> str:
    return f"/{url_path(path.lstrip('/'))}"


def _of(path: str, release: Release) -> str:
    kept = [pair for pair in query_string(request.environ).pairs if pair[0] in ("format", PARAMETER)]
    return f"{_plain(path)}?{urlencode([(VERSION, str(release.number)), *kept])}"


def _told(release: Release, relation: str) -> str:
    return f'rel="{relation}"; datetime="{http_date(release.time)}"'


def _edges(known: Sequence[Release]) -> Iterator[tuple[Release, str]]:
    """The first and the last version with their relations; where they are one, both of it."""
    if known[0] is known[-1]:
        yield known[0], "first last memento"
    else:
        yield from ((known[0], "first memento"), (known[-1], "last memento"))


def _around(known: Sequence[Release], release: Release) -> Iterator[tuple[Release, str]]:
    """The first, last, previous and next version, and this one itself, with their relations."""
    before = [other for other in known if other.number < release.number]
    after = [other for other in known if other.number > release.number]
    named: dict[int, list[str]] = {}
    for other, name in (
        (known[0], "first"),
        (before[-1] if before else None, "prev"),
        (after[0] if after else None, "next"),
        (known[-1], "last"),
    ):
        if other is not None:
            named.setdefault(other.number, []).append(name)
    named.setdefault(release.number, [])
    for other in known:
        if other.number in named:
            yield other, " ".join([*named[other.number], "memento"])
