"""What pages are made of, as data and pictures: operations of ``/openapi.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bibgraph.messages import Message, message
from bibgraph.web.documents.neighbourhoods import JSON, PLACE
from bibgraph.web.documents.sections import overview_keys
from bibgraph.web.endpoint.words import PATH as WORDS
from bibgraph.web.http.formats import HTML
from bibgraph.web.openapi.samples import Samples
from bibgraph.web.openapi.schemas import LENIENT, TEXT, Schema, list_of, record, reference
from bibgraph.web.pages.overviews import CSV, SVG
from bibgraph.web.pictures.png import MEDIA_TYPE as PNG
from bibgraph.web.search.offers import DESCRIPTION, SUGGESTIONS

_TEXTS = list_of(TEXT)
_SUGGESTED: Schema = {
    "type": "array",
    "items": {"anyOf": [TEXT, _TEXTS, record({"languages": _TEXTS})]},
    "minItems": 5,
}
"""What was begun, then lists of names, kinds and addresses, then languages (OpenSearch Suggestions 1.1)."""

_WORDS = record(
    {
        "prefixes": {"type": "object", "additionalProperties": TEXT},
        "words": list_of(record({"word": TEXT, "role": TEXT}, {"name": TEXT, "about": TEXT})),
    }
)
_THING = record({"iri": TEXT, "name": TEXT}, dict.fromkeys(("language", "kind", "page", "around"), TEXT))
_BOND = record(
    {"property": TEXT, "inward": {"type": "boolean"}, "things": _TEXTS, "more": {"type": "integer"}}
)
_AROUND = record({"thing": TEXT, "things": list_of(_THING), "bonds": list_of(_BOND)})
_BEGUN = message("The beginning of a name.")
_OVERVIEW = message("Which overview it is.")


def seen_paths(
    samples: Samples, names: Sequence[Schema], language: str
) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """The operations by path and method. names: the parameters of a path that names a thing."""
    spoken = reference(LENIENT, "parameters")
    begun = {"name": "q", "in": "query", "description": _BEGUN.text(language), "schema": TEXT}
    which = _which(samples, language)

    def told(
        id_: str, summary: Message, parameters: Sequence[Schema], answers: Mapping[str, Schema]
    ) -> Mapping[str, Mapping[str, object]]:
        content = {type_: {"schema": schema} for type_, schema in answers.items()}
        said = {"operationId": id_, "summary": summary.text(language), "parameters": list(parameters)}
        return {"get": {**said, "answers": content}}

    return {
        "/search/suggest": told(
            "suggestions",
            message("Names that begin as a reader has begun"),
            [begun | {"allowEmptyValue": True, "example": "a"}, reference("lang", "parameters")],
            {SUGGESTIONS: _SUGGESTED},
        ),
        "/opensearch.xml": told(
            "opensearch", message("How to search here (OpenSearch 1.1)"), [spoken], {DESCRIPTION: TEXT}
        ),
        WORDS: told(
            "words", message("Prefixes and terms that queries can use"), [spoken], {JSON.type: _WORDS}
        ),
        f"{PLACE}{{kind}}/{{key}}": told(
            "neighbourhood",
            message("A thing and what stands next to it"),
            [*names, spoken],
            {JSON.type: _AROUND, HTML: TEXT},
        ),
        "/overviews/{overview}.csv": told(
            "overview-table", message("The table of an overview"), [which, spoken], {CSV: TEXT}
        ),
        "/overviews/{overview}.svg": told(
            "overview-drawing", message("The picture of an overview as SVG"), [which, spoken], {SVG: TEXT}
        ),
        "/overviews/{overview}.png": told(
            "overview-image", message("The picture of an overview as PNG"), [which, spoken], {PNG: {}}
        ),
    }


def _which(samples: Samples, language: str) -> Schema:
    found = overview_keys(samples.graph.repository)
    return {
        "name": "overview",
        "in": "path",
        "required": True,
        "description": _OVERVIEW.text(language),
        "schema": {"type": "string", "enum": found},
        **({"example": found[0]} if found and samples.project else {}),
    }
