"""The tools as the protocol tells them: names, what they are for, and JSON Schemas of what they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp import types

from bibgraph.catalogue import Catalogue, Question
from bibgraph.messages import LANGUAGES, Message, message
from bibgraph.parameters import EXAMPLES, Context, Parameter, values
from bibgraph.store import SparqlStore

Schema = dict[str, Any]

MOST_ROWS = 1000
"""So many rows a tool returns at most."""
FEW_ROWS = 100
"""So many rows a tool returns unless it is asked for more or fewer."""

LIST, ASK, SPARQL, DESCRIBE = "list_questions", "ask_question", "sparql", "describe"
_READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_ABOUT: Mapping[str, tuple[Message, Message]] = {
    LIST: (
        message("The ready questions"),
        message(
            "Lists the ready questions on Norwegian library policy: what each asks, why anyone asks it, its "
            "parameters with their allowed values, and its columns. Look here first."
        ),
    ),
    ASK: (
        message("Ask a ready question"),
        message(
            "The answer to a ready question, with the passages and pages that it rests on and how to cite it."
        ),
    ),
    SPARQL: (
        message("Ask in SPARQL"),
        message(
            "The answer to a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE) over the graph, within "
            "limits. Each named graph is what one source states; the default graph is their union. Updates "
            "and SERVICE are refused. The classes and properties are in the resources."
        ),
    ),
    DESCRIBE: (
        message("Describe a thing"),
        message(
            "All that is said of one thing, by which source, and the words that prove it. Takes its address, "
            "or its path such as {example}.",
            example=EXAMPLES["thing"],
        ),
    ),
}


def tools(catalogue: Catalogue, language: str) -> list[types.Tool]:
    """All tools, told of in ``language``."""
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": FEW_ROWS}
    tongue = {"type": "string", "enum": list(LANGUAGES), "default": language}
    names = [question.id for question in catalogue]
    takes: Mapping[str, tuple[Schema, Sequence[str]]] = {
        LIST: ({}, ()),
        ASK: (
            {
                "question": {"type": "string", "enum": names},
                "parameters": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
                "limit": limit,
            },
            ("question",),
        ),
        SPARQL: ({"query": {"type": "string", "minLength": 1}, "limit": limit}, ("query",)),
        DESCRIBE: ({"thing": {"type": "string", "minLength": 1}}, ("thing",)),
    }
    return [
        types.Tool(
            name=name,
            title=_ABOUT[name][0].text(language),
            description=_ABOUT[name][1].text(language),
            input_schema=_object({**taken, "language": tongue}, required),
            annotations=_READ_ONLY,
        )
        for name, (taken, required) in takes.items()
    ]


def told(question: Question, store: SparqlStore, language: str) -> Schema:
    """A ready question with a JSON Schema of its parameters. Raises as ``SparqlStore.query``."""
    context = Context(store, language, question.lists)
    return {
        "id": question.id,
        "question": question.text(language),
        "why": question.why(language),
        "tags": list(question.tags),
        "parameters": _object(
            {each.name: _parameter(each, question, context) for each in question.parameters},
            [each.name for each in question.parameters if each.required],
        ),
        "columns": question.headings(language),
        "chart": question.chart.members() if question.chart else None,
    }


def _parameter(parameter: Parameter, question: Question, context: Context) -> Schema:
    schema: Schema = {"type": "integer" if parameter.type == "integer" else "string"}
    schema["title"] = question.label(parameter.name, context.language)
    found = values(parameter.type, context)
    if parameter.type == "date":
        schema["format"] = "date"
    if found:
        schema["enum"] = [value.value for value in found]
        schema["description"] = "; ".join(f"{value.value}: {value.label}" for value in found if value.label)
    elif parameter.type in EXAMPLES:
        schema["examples"] = [EXAMPLES[parameter.type]]
    return schema if parameter.default is None else {**schema, "x-without": parameter.default}


def _object(properties: Schema, required: Sequence[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
