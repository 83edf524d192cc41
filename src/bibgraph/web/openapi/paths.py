"""The addresses besides the ready questions, as operations of ``/openapi.json``."""

from __future__ import annotations

from collections.abc import Mapping

from bibgraph.media import BY_NAME, GRAPHS, RESULTS
from bibgraph.messages import Message, message
from bibgraph.web.described.apis import PATH as APIS
from bibgraph.web.described.catalog import CATALOGUE, CONCEPTS
from bibgraph.web.documents.signposting import LINKSET_JSON
from bibgraph.web.endpoint.service import VOID_PATH as VOID
from bibgraph.web.http.formats import HTML, RDF
from bibgraph.web.openapi.feeds import feed_paths
from bibgraph.web.openapi.operations import contents, format_parameter
from bibgraph.web.openapi.samples import Samples
from bibgraph.web.openapi.schemas import LENIENT, TEXT, Schema, list_of, one_of, reference
from bibgraph.web.openapi.seeing import seen_paths

JSON = "application/json"
_ANSWERS = (*RESULTS, *GRAPHS, *(BY_NAME[name].type for name in ("trig", "nq")), HTML)
_EXAMPLE = "SELECT ?kind (COUNT(*) AS ?things) WHERE { ?thing a ?kind } GROUP BY ?kind ORDER BY ?kind"
_QUERY = {**TEXT, "minLength": 1}
_IRIS = list_of({"type": "string", "format": "iri"})
_PROTOCOL: Mapping[str, tuple[Schema, Message]] = {
    "query": (_QUERY, message("A query in SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE.")),
    "default-graph-uri": (_IRIS, message("The graphs that make up the default graph of the query.")),
    "named-graph-uri": (_IRIS, message("The graphs that GRAPH finds in the query.")),
    "timeout": (
        {"type": "number", "exclusiveMinimum": 0},
        message("Seconds that the answer may take; it can only lower the limit of the service."),
    ),
}
"""What a request of the SPARQL Protocol can say, in the address or in a form, the query first."""


def fixed_paths(samples: Samples, language: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """The operations by path and method, but for what all of them share."""
    listed = {JSON: {"schema": reference("Questions")}, HTML: {"schema": TEXT}}
    health = {JSON: {"schema": reference("Health")}}
    document = contents((*RDF, HTML), TEXT)
    names = _names(samples, language)
    forms = [format_parameter((*RDF, HTML), language), reference(LENIENT, "parameters")]
    return {
        "/queries": {"get": _told(message("The ready questions"), "questions", language, answers=listed)},
        "/openapi.json": {
            "get": _told(message("This description"), "service", language, answers={JSON: {"schema": {}}})
        },
        "/sparql": {method: _sparql(method, language) for method in ("get", "post")},
        "/id/{kind}/{key}": {
            "get": _told(message("The way from a thing to the document about it"), "thing", language)
            | {"parameters": [*names, reference(LENIENT, "parameters")]}
        },
        "/doc/{kind}/{key}": {
            "get": _told(message("The document about a thing"), "document", language, answers=document)
            | {"parameters": [*names, *forms]}
        },
        VOID: {
            "get": _told(
                message("The data set described in VoID"), "void", language, answers=contents(RDF, TEXT)
            )
            | {"parameters": [format_parameter(RDF, language)]}
        },
        APIS: {
            "get": _told(
                message("The interfaces for programs (RFC 9727)"),
                "apis",
                language,
                answers={LINKSET_JSON: {"schema": {"type": "object"}}},
            )
        },
        CATALOGUE: {
            "get": _told(
                message("The catalogue of data sets and services"), "catalogue", language, answers=document
            )
            | {"parameters": forms}
        },
        CONCEPTS: {
            "get": _told(
                message("The code lists as concepts for harvesting"),
                "concepts",
                language,
                answers=contents(RDF, TEXT),
            )
            | {"parameters": [format_parameter(RDF, language)]}
        },
        "/health": {
            "get": _told(message("Whether the service is well"), "health", language, answers=health)
            | {"failing": health}
        },
        **feed_paths(samples, names, language),
        **seen_paths(samples, names, language),
    }


def _told(
    summary: Message, id_: str, language: str, answers: Mapping[str, Schema] | None = None
) -> dict[str, object]:
    told: dict[str, object] = {"operationId": id_, "summary": summary.text(language), "parameters": []}
    return told if answers is None else {**told, "answers": answers}


def _names(samples: Samples, language: str) -> list[Schema]:
    """The parts of a thing's address, with the kinds and a thing that the graph has."""
    paths = [key.partition("/") for key in samples.things]
    kind, _, key = paths[0] if paths else ("", "", "")
    kinds = {"examples": sorted({path[0] for path in paths})} if paths else {}
    told = {
        "kind": (
            message("What kind of thing it is."),
            {"type": "string", "pattern": "^[^/]+$", **kinds},
            kind,
        ),
        "key": (
            message("The rest of its address; a slash in it may stand as it is."),
            {"type": "string", "minLength": 1},
            key,
        ),
    }
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": sentence.text(language),
            "schema": schema,
            **({"example": example} if example else {}),
        }
        for name, (sentence, schema, example) in told.items()
    ]


def _sparql(method: str, language: str) -> dict[str, object]:
    """The SPARQL 1.1 Protocol: by GET in the address, by POST as a form or as the query itself."""
    answers = contents(_ANSWERS, one_of([reference("Rows"), reference("Verdict")]))
    told = _told(message("The answer to a query of your own"), f"sparql-{method}", language, answers=answers)
    beside = [format_parameter(_ANSWERS, language, ending=False), reference(LENIENT, "parameters")]
    if method == "get":
        asked = [
            {"name": name, "in": "query", "description": sentence.text(language), "schema": schema}
            for name, (schema, sentence) in _PROTOCOL.items()
        ]
        asked[0]["example"] = _EXAMPLE
        return {**told, "fails": (403, 413), "parameters": [*asked, *beside]}
    members = {
        name: {**schema, "description": sentence.text(language)}
        for name, (schema, sentence) in _PROTOCOL.items()
    }
    form = {"type": "object", "required": ["query"], "properties": members}
    body = {
        "application/x-www-form-urlencoded": {"schema": form, "example": {"query": _EXAMPLE}},
        "application/sparql-query": {"schema": _QUERY, "example": _EXAMPLE},
    }
    sent = {"required": True, "content": body}
    return {**told, "fails": (403, 413, 415), "parameters": beside, "requestBody": sent}
