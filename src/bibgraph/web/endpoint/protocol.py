"""The SPARQL 1.1 Protocol at ``/sparql``, for queries only: the graph is read here, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from bibgraph.describe import Describer
from bibgraph.errors import NotAcceptable, QueryError
from bibgraph.graph import Graph
from bibgraph.limits import Limits
from bibgraph.media import ALIASES, BY_NAME, BY_TYPE, RESULTS
from bibgraph.store import Answer
from bibgraph.store.serving import lasting, written
from bibgraph.store.writing import render
from bibgraph.web.documents.signposting import Colophon
from bibgraph.web.endpoint.asking import (
    TRIPLES,
    Asked,
    Incoming,
    asked,
    format_named,
    no_query,
    timeout,
    told,
)
from bibgraph.web.endpoint.service import PREFIXES, VOID_PATH, Service, service_description
from bibgraph.web.http.addresses import site
from bibgraph.web.http.answers import Alternate, Link, attachment, represent
from bibgraph.web.http.formats import HTML, choose
from bibgraph.web.http.problems import TEXT, Problem, told_of
from bibgraph.web.http.reader import PARAMETER, reader
from bibgraph.web.parts.assets import scripted
from bibgraph.web.parts.tables import table
from bibgraph.web.rdf.serialising import serialise

_OF_YES_AND_NO = RESULTS[:2]
_ROWS = (*RESULTS, *ALIASES)
_LONGEST_LINK = 6000
"""In characters; what lies between here and the reader may take no longer ones."""
_BESIDES_QUERY = {PARAMETER, "format", "timeout"}


class Protocol:
    """The SPARQL service of ``graph``, within ``limits``."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self.graph = graph
        self.limits = limits
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The address of the service."""
        pages = Blueprint("protocol", __name__)
        pages.add_url_rule("/sparql", "sparql", self.sparql, methods=["GET", "POST"])
        return pages

    def sparql(self) -> Response:
        """The answer to a query; without one, a form for people and a Service Description for programs."""
        return scripted(self._reply())

    def _reply(self) -> Response:
        said = told(_incoming())
        if request.method != "POST" and not {name for name, _ in said.pairs} - _BESIDES_QUERY:
            timeout(said)  # refused as with a query
            return self._welcome(format_named(said))
        question = asked(said)
        try:
            return self._answer(question)
        except QueryError as error:
            if not _for_people(question.format):
                raise
            return self._mend(question, told_of(error))

    def _answer(self, question: Asked) -> Response:
        rows, triples = question.types(request.headers.get("Accept", ""))
        if HTML in (rows, triples):
            media_type, body = self._page_or_data(question, rows, triples)
        else:
            media_type, body = self._data(question, rows, triples)
        response = represent(body, media_type, version=self.graph.version)
        if request.method == "POST" or not lasting(question.query):
            response.headers.pop("ETag", None)
        response.headers.update(attachment(media_type))
        return response

    def _data(self, question: Asked, rows: str, triples: str) -> tuple[str, bytes]:
        try:
            result = written(self.graph.store, question.job(rows, triples), self.limits, question.timeout)
        except NotAcceptable:
            others = question.others(request.headers.get("Accept", ""), rows, triples)
            if not others:
                raise
            rows, triples = others
            result = written(self.graph.store, question.job(rows, triples), self.limits, question.timeout)
        return triples if result.kind == "triples" else rows, result.body

    def _page_or_data(self, question: Asked, rows: str, triples: str) -> tuple[str, str | bytes]:
        """Media type and body, where at least one of the two media types is that of pages."""
        answer = self.graph.store.query(
            question.query, default_graphs=question.default_graphs, named_graphs=question.named_graphs
        )
        media_type = triples if isinstance(answer, ox.QueryTriples) else rows
        if media_type != HTML:
            job = question.job(rows, triples)
            format_ = job.triples if isinstance(answer, ox.QueryTriples) else job.rows
            return media_type, render(answer, format_, most=self.limits.result_bytes)
        found = table(answer, self.describer, request.args.to_dict())
        page = render_template(
            "sparql.html",
            query=question.query,
            table=found,
            downloads=_downloads(question, answer),
            **self._examples(),
        )
        return media_type, page

    def _mend(self, question: Asked, problem: Problem) -> Response:
        """The form with the query that failed in it, and what is wrong with it."""
        body = render_template("sparql.html", query=question.query, problem=problem, **self._examples())
        response = Response(body, status=problem.status, content_type=BY_TYPE[HTML].content_type)
        response.headers.update(problem.headers())
        response.vary.update(["Accept", "Accept-Language"])
        response.content_language.add(reader().language)
        response.cache_control.no_store = True
        return response

    def _welcome(self, named: str) -> Response:
        try:
            media_type = choose(named, (*TRIPLES, HTML))
        except NotAcceptable:
            if _can_be(named, _ROWS):  # so it is the answer to a query that is asked for
                raise no_query() from None
            raise
        if media_type == HTML:
            body: str | bytes = render_template("sparql.html", query="", table=None, **self._examples())
        else:
            service = Service.of(Colophon.of(self.describer).dataset, site())
            said = service_description(self.graph, self.limits, service)
            body = serialise(said, media_type, first=service.iri, prefixes=PREFIXES)
        response = represent(body, media_type, version=f"{self.graph.version} {self.limits}")
        response.headers.add("Link", str(Link(VOID_PATH, "describedby", BY_NAME["ttl"].type)))
        return response

    def _examples(self) -> dict[str, object]:
        return {"examples": self.graph.catalogue, "section": "/sparql"}


def _downloads(question: Asked, answer: Answer) -> list[Alternate]:
    """Links to the same answer in other formats; none if the query is too long for an address."""
    types = TRIPLES if isinstance(answer, ox.QueryTriples) else RESULTS
    if isinstance(answer, ox.QueryBoolean):
        types = _OF_YES_AND_NO
    said = [
        ("query", question.query),
        *(("default-graph-uri", iri) for iri in question.default_graphs),
        *(("named-graph-uri", iri) for iri in question.named_graphs),
    ]
    formats = [BY_TYPE[type_] for type_ in types]
    links = [Alternate(each, f"/sparql?{urlencode([*said, ('format', each.name)])}") for each in formats]
    return [link for link in links if len(link.path) < _LONGEST_LINK]


def _incoming() -> Incoming:
    """The current request."""
    return Incoming(
        request.method,
        str(request.environ.get("QUERY_STRING", "")),
        request.headers.get("Accept", ""),
        request.mimetype,
        request.mimetype_params.get("charset", ""),
        request.headers.get("Content-Encoding", ""),
        request.get_data(cache=False) if request.method == "POST" else b"",
    )


def _for_people(named: str) -> bool:
    """Whether a page is wanted rather than data."""
    offered = (*RESULTS, *TRIPLES, HTML, TEXT)
    return _can_be(named, offered) and choose(named, offered) == HTML


def _can_be(named: str, offered: Sequence[str]) -> bool:
    """Whether the current request takes one of these media types."""
    try:
        choose(named, offered)
    except NotAcceptable:
        return False
    return True
