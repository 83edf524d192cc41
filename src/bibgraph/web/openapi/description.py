"""``/openapi.json``: all addresses for programs, as an OpenAPI 3.1 description in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Blueprint, Response

from bibgraph import __version__
from bibgraph.graph import Graph
from bibgraph.messages import LANGUAGES, message
from bibgraph.web.http.answers import represent
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.paging import BOUNDS, LIMIT, NAMES, OFFSET, TOTAL
from bibgraph.web.http.problems import JSON as PROBLEM
from bibgraph.web.http.problems import TEXT as PLAIN
from bibgraph.web.http.problems import Problem
from bibgraph.web.http.reader import PARAMETER, reader
from bibgraph.web.openapi.operations import operation, row_schemas
from bibgraph.web.openapi.paths import JSON, fixed_paths
from bibgraph.web.openapi.samples import Samples
from bibgraph.web.openapi.schemas import LENIENT, SCHEMAS, TEXT, Schema, reference
from bibgraph.web.questions.asked import address_fields

VERSION = "3.1.0"
_FAILURES = (400, 403, 404, 406, 413, 414, 415, 416, 429, 500, 502, 503, 504)
_ANYWHERE = (400, 404, 406, 414, 429, 500, 502, 503, 504)
_AFTER = "Retry-After"
_TOLD_WHEN = (429, 503)
"""Failures that say after how long it may be otherwise."""
_COUNT: Schema = {"type": "integer", "minimum": 0}
_ABOUT = message(
    "Norway’s library policy as one knowledge graph: ready questions with parameters, SPARQL, and documents "
    "about every thing. All of it is only for reading, and open to anybody."
)
_ABOUT_OTHER = message(
    "Ready questions with parameters, SPARQL, and documents about every thing. All of it is only for "
    "reading, and open to anybody."
)
_PARTS = {
    LIMIT: message("So many rows at most; without it, all. The header Link leads to the other parts."),
    OFFSET: message("So many rows are passed over."),
}


class OpenApi:
    """The description of ``graph``'s addresses."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def blueprint(self) -> Blueprint:
        """The address of the description."""
        pages = Blueprint("openapi", __name__)
        pages.add_url_rule("/openapi.json", "openapi", self.openapi)
        return pages

    def openapi(self) -> Response:
        """The description as JSON."""
        address_fields()
        body = json.dumps(description(self.graph, reader().language), ensure_ascii=False, indent=2) + "\n"
        response = represent(body, JSON, version=self.graph.version, varies=False, localised=True)
        response.content_language.add(reader().language)
        return response


def description(graph: Graph, language: str) -> Mapping[str, object]:
    """The OpenAPI document as JSON has it. Parameters of questions list what the graph holds."""
    samples = Samples(graph)
    about = _ABOUT if samples.project else _ABOUT_OTHER
    paths: dict[str, Mapping[str, object]] = {
        path: {method: _complete(told, language) for method, told in methods.items()}
        for path, methods in fixed_paths(samples, language).items()
    }
    for question in graph.catalogue:
        paths[f"/queries/{question.id}"] = {
            "get": _complete(operation(question, samples, language), language)
        }
    return {
        "openapi": VERSION,
        "info": {
            "title": "bibgraph",
            "description": about.text(language),
            "version": __version__,
            "license": {"name": "MIT", "identifier": "MIT"},
            "x-graph": graph.version,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in sorted({tag for each in graph.catalogue for tag in each.tags})],
        "paths": paths,
        "components": {
            "schemas": {**SCHEMAS, **row_schemas(graph, language)},
            "parameters": _parameters(language),
            "headers": _headers(language),
            "responses": {f"Problem{status}": _failure(status, language) for status in _FAILURES},
        },
    }


def _complete(told: Mapping[str, object], language: str) -> Mapping[str, object]:
    """The operation with the answers that all have."""
    own = dict(told)
    fails, content, failing = own.pop("fails", ()), own.pop("answers", None), own.pop("failing", None)
    moved, partial = str(own.pop("moved", "303")), bool(own.pop("partial", False))
    statuses = (*_ANYWHERE, *(fails if isinstance(fails, tuple) else ()), *((416,) if partial else ()))
    responses: dict[str, Schema] = {
        str(status): reference(f"Problem{status}", "responses") for status in statuses
    }
    if content is None:
        responses[moved] = _moved(language)
    else:
        responses["200"] = _answer(content, language)
        responses["304"] = {"description": message("The client has it already.").text(language)}
    if content is not None and partial:
        responses["206"] = _answer(content, language)
    if failing is not None:
        responses["503"] = {**_failure(503, language), "content": failing}
    return {**own, "responses": dict(sorted(responses.items()))}


def _answer(content: object, language: str) -> Schema:
    headers = {name: reference(name, "headers") for name in ("ETag", "Link", TOTAL)}
    return {"description": message("The answer").text(language), "headers": headers, "content": content}


def _moved(language: str) -> Schema:
    return {
        "description": message("The address of the document").text(language),
        "headers": {"Location": {"required": True, "schema": {"type": "string", "format": "uri-reference"}}},
        "content": {PLAIN: {"schema": TEXT}},
    }


def _failure(status: int, language: str) -> Schema:
    content = {PROBLEM: {"schema": reference("Problem")}, HTML: {"schema": TEXT}, PLAIN: {"schema": TEXT}}
    headers = {_AFTER: reference(_AFTER, "headers")} if status in _TOLD_WHEN else {}
    return {"description": Problem(status).title(language), "headers": headers, "content": content}


def _parameters(language: str) -> Mapping[str, Schema]:
    told = message("The language of texts, in place of Accept-Language.").text(language)
    other = message("A language that there is not is passed over.").text(language)
    spoken = {"name": PARAMETER, "in": "query", "allowEmptyValue": True}
    return {
        PARAMETER: {**spoken, "description": told, "schema": {"type": "string", "enum": list(LANGUAGES)}},
        LENIENT: {**spoken, "description": f"{told} {other}", "schema": {"examples": list(LANGUAGES)}},
        **{name: _part(name, language) for name in NAMES},
    }


def _part(name: str, language: str) -> Schema:
    least, most = BOUNDS[name]
    return {
        "name": name,
        "in": "query",
        "allowEmptyValue": True,
        "description": _PARTS[name].text(language),
        "schema": {"type": "integer", "minimum": least, "maximum": most},
    }


def _headers(language: str) -> Mapping[str, Schema]:
    told = {
        "ETag": message("Names this very answer; send it back in If-None-Match."),
        "Link": message("Other formats of the answer, and the other parts of it."),
        TOTAL: message("How many rows there are in all; with limit or offset only."),
        _AFTER: message("Seconds after which to try again."),
    }
    schemas = {TOTAL: _COUNT, _AFTER: _COUNT}
    return {
        name: {"description": sentence.text(language), "schema": schemas.get(name, TEXT)}
        for name, sentence in told.items()
    }
