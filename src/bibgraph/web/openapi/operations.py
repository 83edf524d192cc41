"""The ready questions as operations of ``/openapi.json``, made from their headers and the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bibgraph.catalogue import Question
from bibgraph.graph import Graph
from bibgraph.media import BY_NAME, BY_TYPE, with_aliases
from bibgraph.messages import Message, message
from bibgraph.parameters import GREATEST, UNBOUND, Parameter
from bibgraph.web.http.paging import NAMES
from bibgraph.web.openapi.samples import Samples
from bibgraph.web.openapi.schemas import TEXT, Schema, reference, rows
from bibgraph.web.questions.form import OPEN
from bibgraph.web.questions.offers import Choice, choices, offered

_JSON = BY_NAME["json"].type
_JSON_LD = BY_NAME["jsonld"].type
_TYPES: Mapping[str, Schema] = {
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer", "minimum": -GREATEST, "maximum": GREATEST},
    "text": {"type": "string", "pattern": r"\S"},
    "thing": {"type": "string", "pattern": r"\S"},
}


def operation(question: Question, samples: Samples, language: str) -> Mapping[str, object]:
    """The operation that asks ``question`` of a graph, but for what all such operations share."""
    parameters = [_parameter(parameter, question, samples, language) for parameter in question.parameters]
    if question.kind == "select":
        parameters += [reference(name, "parameters") for name in NAMES]
    types = offered(question)
    return {
        "operationId": question.id,
        "summary": question.text(language),
        "description": question.why(language),
        "tags": list(question.tags),
        "parameters": [*parameters, format_parameter(types, language), reference("lang", "parameters")],
        "answers": contents(with_aliases(types), reference(_answer(question))),
        "fails": (413,),
    }


def row_schemas(graph: Graph, language: str) -> Mapping[str, Schema]:
    """The schemas of the answers that have columns, by name."""
    tables = [question for question in graph.catalogue if question.kind == "select"]
    return {_answer(question): rows(question.headings(language)) for question in tables}


def format_parameter(types: Sequence[str], language: str, *, ending: bool = True) -> Schema:
    """The parameter ``format`` for these media types. ending: whether the address may end in one of them."""
    told = (
        message("The format of the answer, in place of Accept; the address may end in it, too: .csv")
        if ending
        else message("The format of the answer, in place of Accept.")
    )
    names = [BY_TYPE[type_].name for type_ in types]
    return {
        "name": "format",
        "in": "query",
        "allowEmptyValue": True,
        "description": told.text(language),
        "schema": {"type": "string", "enum": names},
    }


def contents(types: Sequence[str], json: Schema) -> Mapping[str, Schema]:
    """What a body is in each media type; ``json``: the schema of SPARQL results."""
    schemas = {_JSON: json, "application/json": json, _JSON_LD: {"type": ["object", "array"]}}
    return {type_: {"schema": schemas.get(type_, TEXT)} for type_ in types}


def _answer(question: Question) -> str:
    """The name of the schema of its answer as SPARQL results."""
    return f"rows-{question.id}" if question.kind == "select" else "Verdict"


def _parameter(parameter: Parameter, question: Question, samples: Samples, language: str) -> Schema:
    allowed = choices(parameter, question, samples.graph)
    listed = [choice.value for choice in allowed or ()]
    told: dict[str, object] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "allowEmptyValue": not parameter.required,
        "description": _description(
            parameter, question.label(parameter.name, language), samples.hint(parameter, listed), language
        ),
        "schema": _schema(parameter, allowed),
        "x-bibgraph-type": parameter.type,
    }
    if allowed and parameter.type in question.lists:
        told["x-labels"] = {choice.value: choice.labels[language] for choice in allowed}
    example = samples.of(parameter.type) or (listed[0] if listed else "")
    if example:
        told["example"] = _typed(parameter, example)
    return told


def _description(parameter: Parameter, label: str, hint: Message, language: str) -> str:
    """What the parameter is called, what can be written, and what it is when nothing is."""
    sentences = [hint]
    default = parameter.default or ""
    if default:
        sentences.append(message("Without it: {default}.", default=OPEN.get(default, default)))
    return " ".join((f"{label}.", *(sentence.text(language) for sentence in sentences)))


def _schema(parameter: Parameter, allowed: Sequence[Choice] | None) -> Schema:
    default = parameter.default
    if allowed is not None:
        values = [choice.value for choice in allowed]
        more = [default] if default is not None and default not in values else []
        schema: Schema = {"type": "string", "enum": [*values, *more]}
    elif default in UNBOUND and parameter.type in ("date", "integer"):
        schema = {"anyOf": [_TYPES[parameter.type], {"const": default}]}
    else:
        schema = _TYPES[parameter.type]
    return schema if default is None else {**schema, "default": _typed(parameter, default)}


def _typed(parameter: Parameter, value: str) -> object:
    """A value as JSON has it: whole numbers as numbers."""
    return int(value) if parameter.type == "integer" and value not in UNBOUND else value
