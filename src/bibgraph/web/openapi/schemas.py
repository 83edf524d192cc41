"""JSON Schemas of what the addresses answer with, for ``/openapi.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bibgraph.messages import LANGUAGES

Schema: TypeAlias = Mapping[str, object]

TEXT: Schema = {"type": "string"}
LENIENT = "lang-if-any"
"""The name of the parameter for a language where one that there is not does no harm."""
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FROM_ONE: Schema = {"type": "integer", "minimum": 1}


def reference(name: str, kind: str = "schemas") -> Schema:
    """A reference to one of the document's own components."""
    return {"$ref": f"#/components/{kind}/{name}"}


def list_of(items: Schema) -> Schema:
    """The schema of a list of these."""
    return {"type": "array", "items": items}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """The schema of an object with these members."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": properties}


def rows(headings: Mapping[str, str]) -> Schema:
    """The schema of SPARQL results with these columns, each with its heading."""
    cells = {
        name: {"allOf": [reference("Term")], "description": heading} for name, heading in headings.items()
    }
    bindings = {"type": "object", "properties": cells, "additionalProperties": False}
    return record(
        {
            "head": record({"vars": {"const": list(headings)}}),
            "results": record({"bindings": list_of(bindings)}),
        }
    )


_BY_LANGUAGE = record(dict.fromkeys(LANGUAGES, TEXT))
_PARAMETER = record(
    {
        "name": TEXT,
        "type": TEXT,
        "label": _BY_LANGUAGE,
        "required": {"type": "boolean"},
        "default": {"type": ["string", "null"]},
    },
    {
        "default_means": _BY_LANGUAGE,
        "allowed": list_of(record({"value": TEXT, "label": _BY_LANGUAGE, "terms": list_of(TEXT)})),
    },
)
_QUESTION = record(
    {
        "id": TEXT,
        "path": TEXT,
        "kind": {"enum": ["select", "ask", "construct"]},
        "question": _BY_LANGUAGE,
        "why": _BY_LANGUAGE,
        "tags": list_of(TEXT),
        "chart": {
            "anyOf": [record({"kind": TEXT, "x": TEXT, "y": TEXT}, {"series": TEXT}), {"type": "null"}]
        },
        "coded": list_of(TEXT),
        "parameters": list_of(_PARAMETER),
        "columns": list_of(record({"name": TEXT, "headings": _BY_LANGUAGE})),
        "formats": list_of(record({"name": TEXT, "type": TEXT, "path": TEXT})),
    }
)
_PROBLEM = record(
    {"type": {"type": "string", "format": "uri-reference"}, "title": TEXT, "status": {"type": "integer"}},
    {
        "where": TEXT,
        "line": _FROM_ONE,
        "column": _FROM_ONE,
        "detail": TEXT,
        "hint": TEXT,
        "instance": TEXT,
        "parameter": TEXT,
        "given": {"type": ["string", "array"], "items": TEXT},
        "expected": TEXT,
        "allowed": list_of(TEXT),
        "available": list_of(TEXT),
        "parameters": list_of(TEXT),
        "suggestions": list_of(TEXT),
        "minimum": {"type": "integer"},
        "maximum": {"type": "integer"},
        "example": TEXT,
        "default": TEXT,
        "limit": TEXT,
        "value": TEXT,
    },
)

SCHEMAS: Mapping[str, Schema] = {
    "Term": record(
        {"type": {"enum": ["uri", "literal", "bnode", "triple"]}, "value": {}},
        {"xml:lang": TEXT, "datatype": {"type": "string", "format": "uri"}},
    ),
    "Rows": record(
        {
            "head": record({"vars": list_of(TEXT)}),
            "results": record(
                {"bindings": list_of({"type": "object", "additionalProperties": reference("Term")})}
            ),
        }
    ),
    "Verdict": record({"head": {"type": "object"}, "boolean": {"type": "boolean"}}),
    "Problem": _PROBLEM,
    "Questions": record(
        {
            "program": TEXT,
            "graph": TEXT,
            "languages": list_of(TEXT),
            "openapi": TEXT,
            "questions": list_of(_QUESTION),
        }
    ),
    "Health": record(
        {"status": {"enum": ["ok", "failing"]}, "program": TEXT, "graph": TEXT},
        {
            "triples": _COUNT,
            **dict.fromkeys(("error", "hint", "limit", "value", "instance"), TEXT),
        },
    ),
}


def one_of(schemas: Sequence[Schema]) -> Schema:
    """The schema of what fits any of these."""
    return {"anyOf": list(schemas)}
