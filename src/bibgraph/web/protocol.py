"""The SPARQL 1.1 Protocol at ``/sparql``, for queries only: the graph is read here, never changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from bibgraph.describe import Describer
from bibgraph.errors import NotAcceptable, QueryError
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME, BY_TYPE, GRAPHS, RESULTS
from bibgraph.messages import message
from bibgraph.sparql import UPDATES, tokens
from bibgraph.store import Answer
from bibgraph.web.answers import represent
from bibgraph.web.decoding import Fields, decode_utf8, fields, query_string
from bibgraph.web.formats import HTML, choose
from bibgraph.web.problems import Forbidden, Problem, UnsupportedType, problem_of
from bibgraph.web.reader import PARAMETER
from bibgraph.web.serialising import serialise, serialise_answer
from bibgraph.web.service import PREFIXES, SERVICE, service_description
from bibgraph.web.tables import table

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
ALIASES = {"application/json": RESULTS[0], "application/xml": RESULTS[1]}
"""Names that clients use for formats with names of their own."""

TRIPLES = (*GRAPHS, BY_NAME["trig"].type, BY_NAME["nq"].type)
_BESIDES_QUERY = {PARAMETER, "format"}
_CHANGES = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """One request of the protocol: the query, its data set, and the format named in it, if any."""

    query: str
    default_graphs: Sequence[str]
    named_graphs: Sequence[str]
    format: str


class Protocol:
    """The SPARQL service of ``graph``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.describer = Describer(graph.store, graph.repository)

    def blueprint(self) -> Blueprint:
        """The address of the service."""
        pages = Blueprint("protocol", __name__)
        pages.add_url_rule("/sparql", "sparql", self.sparql, methods=["GET", "POST"])
        return pages

    def sparql(self) -> Response:
        """The answer to a query; without one, a form for people and a Service Description for programs."""
        told = _told()
        if request.method != "POST" and not {name for name, _ in told.pairs} - _BESIDES_QUERY:
            return self._welcome(told.first("format"))
        asked = _asked(told)
        try:
            return self._answer(asked, self._ask(asked))
        except QueryError as error:
            if not _for_people(asked.format):
                raise
            return self._mend(asked, problem_of(error))

    def _ask(self, asked: Asked) -> Answer:
        try:
            return self.graph.store.query(
                asked.query, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs
            )
        except QueryError as error:
            if _oversteps(asked.query):
                raise Forbidden(error.problem, where=error.where, hint=error.hint) from error
            raise

    def _answer(self, asked: Asked, answer: Answer) -> Response:
        offered = TRIPLES if isinstance(answer, ox.QueryTriples) else RESULTS
        media_type = choose(asked.format, (*offered, *_aliases(offered), HTML))
        if media_type == HTML:
            found = table(answer, self.describer, request.args.to_dict())
            body: str | bytes = render_template(
                "sparql.html", query=asked.query, table=found, **self._examples()
            )
        else:
            body = serialise_answer(answer, ALIASES.get(media_type, media_type))
        response = represent(body, media_type, version=self.graph.version)
        if request.method == "POST" or _CHANGES.search(asked.query):
            response.headers.pop("ETag", None)
        return response

    def _mend(self, asked: Asked, problem: Problem) -> Response:
        """The form with the query that failed in it, and what is wrong with it."""
        body = render_template("sparql.html", query=asked.query, problem=problem, **self._examples())
        response = Response(body, status=problem.status, content_type=BY_TYPE[HTML].content_type)
        response.vary.update(["Accept", "Accept-Language"])
        return response

    def _welcome(self, named: str) -> Response:
        try:
            media_type = choose(named, (*GRAPHS, HTML))
        except NotAcceptable:
            raise _no_query() from None
        if media_type == HTML:
            body: str | bytes = render_template("sparql.html", query="", table=None, **self._examples())
        else:
            body = serialise(service_description(self.graph), media_type, first=SERVICE, prefixes=PREFIXES)
        return represent(body, media_type, version=self.graph.version)

    def _examples(self) -> dict[str, object]:
        return {"examples": self.graph.catalogue, "section": "/sparql"}


def _told() -> Fields:
    """What the request says, in its address and its body. Raises QueryError."""
    told = query_string(request.environ)
    if request.method != "POST":
        return told
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedType(
            message("Packed bodies are not unpacked here: send it without Content-Encoding.")
        )
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedType(message("The body must be UTF-8."))
    body = request.get_data(cache=False)
    if request.mimetype == FORM:
        return told + fields(body, "POST")
    if request.mimetype == DIRECT:
        return told + Fields([("query", decode_utf8(body, "POST"))])
    if request.mimetype == UPDATE:
        raise _no_update()
    raise UnsupportedType(
        message(
            "A query comes as {form} or as {direct}, not as {found}.",
            form=FORM,
            direct=DIRECT,
            found=request.mimetype or "–",
        ),
        hint=message("Set the header Content-Type."),
    )


def _asked(told: Fields) -> Asked:
    """The one query of a request, with its data set. Raises QueryError for none or several."""
    if told.all("update") or told.all("using-graph-uri") or told.all("using-named-graph-uri"):
        raise _no_update()
    queries = told.all("query")
    if not queries:
        raise _no_query()
    if len(queries) > 1:
        raise QueryError(message("There are {count} queries in one request; send one.", count=len(queries)))
    return Asked(queries[0], told.all("default-graph-uri"), told.all("named-graph-uri"), told.first("format"))


def _no_query() -> QueryError:
    return QueryError(
        message("The request holds no query."),
        hint=message("Send it as the parameter «query», or as the body of a POST."),
    )


def _no_update() -> Forbidden:
    return Forbidden(
        message("The graph is only for reading here; it takes no updates."),
        hint=message("Ask with SELECT, ASK, CONSTRUCT or DESCRIBE in the parameter «query»."),
    )


def _oversteps(query: str) -> bool:
    """Whether a refused query asks for what is never done here, rather than having a mistake."""
    try:
        return any(token.is_word("SERVICE", *UPDATES) for token in tokens(query))
    except QueryError:
        return False


def _for_people(named: str) -> bool:
    """Whether a page is wanted rather than data."""
    try:
        return choose(named, (*RESULTS, *TRIPLES, HTML)) == HTML
    except NotAcceptable:
        return False


def _aliases(offered: Sequence[str]) -> list[str]:
    return [alias for alias, meant in ALIASES.items() if meant in offered]
