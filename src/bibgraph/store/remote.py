"""A SPARQL 1.1 service elsewhere, asked by the SPARQL 1.1 Protocol through SPARQLWrapper."""

from __future__ import annotations

import ast
import hashlib
import json
import math
import time
from collections import deque
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError, URLError

import pyoxigraph as ox
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from bibgraph.errors import BibgraphError, QueryError, StoreError
from bibgraph.messages import Message, message
from bibgraph.sparql import in_sparql
from bibgraph.sparql.guard import Clauses, clauses
from bibgraph.store import Answer

TIMEOUT = 30.0
"""Seconds that the service has for its answer, and for each pause in it."""

_LONGEST_ADDRESS = 2000
_PIECE = 65536
_SHOWN = 300
_ACCEPTED = {
    "rows": "application/sparql-results+json",
    "triples": "application/n-triples, text/turtle;q=0.9",
}
_HINTS: dict[int, Message] = {
    HTTPStatus.UNAUTHORIZED: message("The service wants to know who asks; bibgraph asks without a name."),
    HTTPStatus.FORBIDDEN: message("The service does not allow this."),
    HTTPStatus.NOT_FOUND: message("Look at the address: it is that of the service, often ending in /sparql."),
    HTTPStatus.METHOD_NOT_ALLOWED: message(
        "Look at the address: it is that of the service, often ending in /sparql."
    ),
    HTTPStatus.NOT_ACCEPTABLE: message("The service must be able to answer in JSON and in N-Triples."),
    HTTPStatus.TOO_MANY_REQUESTS: message("The service is busy: try again later."),
    HTTPStatus.SERVICE_UNAVAILABLE: message("The service is busy: try again later."),
    HTTPStatus.GATEWAY_TIMEOUT: message("The query took too long there: ask for less at a time."),
}
_BAD_QUERY = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)


class RemoteStore:
    """The service at ``url``; nothing is kept of its answers.

    version: what it holds cannot be known without reading it all, so the name stands for the service, not for
    its content: «remote:» and a hash of the address. Nothing may be cached for long by it.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        self.url = url
        self.timeout = timeout
        self.version = f"remote:{hashlib.sha256(url.encode()).hexdigest()[:16]}"
        self._known: set[str] = set()

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``.

        Raises QueryError as well for what the service answers with 400, 413 or 414; StoreError if it cannot
        be reached, is too slow, fails, or answers with something else than was asked for.
        """
        stated = clauses(text)
        for graph in (*(default_graphs or stated.default_graphs), *(named_graphs or stated.named_graphs)):
            self._refuse_unknown(graph)
        wrapper = self._wrapper(text, stated)
        for name, graphs in (("default-graph-uri", default_graphs), ("named-graph-uri", named_graphs)):
            for graph in graphs:
                wrapper.addParameter(name, graph)
        return self._answer(*self._fetch(wrapper), stated)

    def _refuse_unknown(self, graph: str) -> None:
        """FROM may name what a service has, not what it would have to fetch."""
        if graph in self._known:
            return
        try:
            name = in_sparql(ox.NamedNode(graph))
        except ValueError:
            name = ""
        if not name or not self.query(f"ASK {{ GRAPH {name} {{ ?subject ?property ?value }} }}"):
            raise QueryError(message("There is no graph {graph} here.", graph=graph), where=self.url)
        self._known.add(graph)

    def _wrapper(self, text: str, stated: Clauses) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(self.url)
        # Not setQuery, whose own guess of the form takes a comment for a query: an update it never is.
        wrapper.queryString, wrapper.queryType = text, stated.form
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", _ACCEPTED[_kind(stated)])
        wrapper.setTimeout(math.ceil(self.timeout))
        if len(text) > _LONGEST_ADDRESS or "?" in self.url:
            wrapper.setMethod(POST)
        return wrapper

    def _fetch(self, wrapper: SPARQLWrapper) -> tuple[str, bytes]:
        """Media type and content of the answer."""
        try:
            response: HTTPResponse = wrapper.query().response
            with response:
                return response.headers.get_content_type(), self._read(response)
        except HTTPError as error:
            raise self._refused(error.code, error.read(_PIECE)) from error
        except SPARQLWrapperException as error:
            status = error.__context__.code if isinstance(error.__context__, HTTPError) else 0
            raise self._refused(status, _body(error)) from error
        except TimeoutError as error:
            raise self._too_slow() from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._too_slow() from error
            raise self._unreachable(str(getattr(error.reason, "strerror", None) or error.reason)) from error
        except (OSError, HTTPException, ValueError) as error:
            raise self._unreachable(str(error) or type(error).__name__) from error

    def _read(self, response: HTTPResponse) -> bytes:
        deadline = time.monotonic() + self.timeout
        pieces = []
        while piece := response.read1(_PIECE):
            pieces.append(piece)
            if time.monotonic() > deadline:
                raise TimeoutError
        if response.length:
            raise HTTPException(f"{response.length} bytes of the answer are missing")
        return b"".join(pieces)

    def _answer(self, media_type: str, content: bytes, stated: Clauses) -> Answer:
        try:
            return _rows(media_type, content) if _kind(stated) == "rows" else _triples(media_type, content)
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                message(
                    "The service answered with {type}, which cannot be read: {reason}.",
                    type=media_type,
                    reason=str(error).rstrip("."),
                ),
                where=self.url,
                hint=message("Look at the address: it is that of the service, often ending in /sparql."),
            ) from error

    def _refused(self, status: int, body: bytes) -> BibgraphError:
        said = " ".join(body.decode("utf-8", "replace").split())[:_SHOWN] or "–"
        if status in _BAD_QUERY:
            return QueryError(
                message(
                    "The service does not take the query (HTTP {status}): {said}", status=status, said=said
                ),
                where=self.url,
            )
        return StoreError(
            message("The service failed (HTTP {status}): {said}", status=status, said=said),
            where=self.url,
            hint=_HINTS.get(status),
        )

    def _too_slow(self) -> StoreError:
        return StoreError(
            message("The service did not answer within {seconds:g} seconds.", seconds=self.timeout),
            where=self.url,
            hint=message("Ask for less at a time, or try again later."),
        )

    def _unreachable(self, reason: str) -> StoreError:
        return StoreError(
            message("The service cannot be reached: {reason}.", reason=reason.rstrip(".")),
            where=self.url,
            hint=message("Look at the address and at the network, and whether the service runs."),
        )


def _kind(stated: Clauses) -> str:
    return "rows" if stated.form in ("SELECT", "ASK") else "triples"


def _body(error: SPARQLWrapperException) -> bytes:
    """What the service said; SPARQLWrapper hands it on only as the ``repr`` inside its message."""
    shown = str(error).partition("Response:\n")[2]
    body = ast.literal_eval(shown) if shown else b""
    return body if isinstance(body, bytes) else b""


def _rows(media_type: str, content: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    """An answer in SPARQL 1.1 Query Results JSON, read to its end once, so that errors come now."""
    if media_type not in ("application/sparql-results+json", "application/json"):
        raise ValueError("not SPARQL results in JSON")
    try:
        return _parsed(content)
    except SyntaxError:
        return _parsed(_with_plain_labels(content))


def _parsed(content: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    answer = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean):
        return answer
    try:
        deque(answer, maxlen=0)
    finally:
        # It must end in the thread it began in; the traceback of an error may be dropped in another one.
        del answer
    return ox.parse_query_results(content, ox.QueryResultsFormat.JSON)


def _with_plain_labels(content: bytes) -> bytes:
    """The same with blank nodes labelled b0, b1 …; some services use labels such as ``nodeID://b10``."""
    labels: dict[str, str] = {}

    def relabel(cell: dict[str, object]) -> dict[str, object]:
        if cell.get("type") != "bnode":
            return cell
        return cell | {"value": labels.setdefault(str(cell.get("value")), f"b{len(labels)}")}

    return json.dumps(json.loads(content, object_hook=relabel)).encode()


def _triples(media_type: str, content: bytes) -> ox.QueryTriples:
    format_ = ox.RdfFormat.from_media_type(media_type)
    if format_ not in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE):
        raise ValueError("neither N-Triples nor Turtle")
    store = ox.Store()
    store.bulk_extend(ox.parse(content, format=format_))
    answer = store.query("CONSTRUCT WHERE { ?subject ?property ?value }")
    if not isinstance(answer, ox.QueryTriples):
        raise TypeError(answer)
    return answer
