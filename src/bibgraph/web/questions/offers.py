"""The ready questions for programs: what each asks, takes and answers, in all languages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph import __version__
from bibgraph.catalogue import Question
from bibgraph.graph import Graph
from bibgraph.media import BY_TYPE, GRAPHS, RESULTS
from bibgraph.messages import LANGUAGES
from bibgraph.parameters import Context, Parameter, values
from bibgraph.web.http.formats import HTML
from bibgraph.web.questions.form import OPEN


@dataclass(frozen=True)
class Choice:
    """A value that a parameter can have: what to write, its labels by language, the IRIs that it means."""

    value: str
    labels: Mapping[str, str]
    terms: Sequence[str]


def offered(question: Question) -> Sequence[str]:
    """The media types of the answer to a question, the preferred first; pages before all."""
    return (HTML, *(GRAPHS if question.kind == "construct" else (*RESULTS, *GRAPHS)))


def question_list(graph: Graph) -> str:
    """The whole list as JSON. What can be chosen for parameters comes out of the graph."""
    members = {
        "program": __version__,
        "graph": graph.version,
        "languages": LANGUAGES,
        "openapi": "/openapi.json",
        "questions": [_question(question, graph) for question in graph.catalogue],
    }
    return json.dumps(members, ensure_ascii=False, indent=2) + "\n"


def _question(question: Question, graph: Graph) -> Mapping[str, object]:
    path = f"/queries/{question.id}"
    headings = {language: question.headings(language) for language in LANGUAGES}
    return {
        "id": question.id,
        "path": path,
        "kind": question.kind,
        "question": {language: question.text(language) for language in LANGUAGES},
        "why": {language: question.why(language) for language in LANGUAGES},
        "tags": question.tags,
        "chart": question.chart.members() if question.chart else None,
        "coded": question.coded,
        "parameters": [_parameter(parameter, question, graph) for parameter in question.parameters],
        "columns": [
            {"name": name, "headings": {language: headings[language][name] for language in LANGUAGES}}
            for name in headings[LANGUAGES[0]]
        ],
        "formats": [
            {"name": BY_TYPE[type_].name, "type": type_, "path": path + BY_TYPE[type_].suffix}
            for type_ in offered(question)
        ],
    }


def _parameter(parameter: Parameter, question: Question, graph: Graph) -> Mapping[str, object]:
    told: dict[str, object] = {
        "name": parameter.name,
        "type": parameter.type,
        "label": {language: question.label(parameter.name, language) for language in LANGUAGES},
        "required": parameter.required,
        "default": parameter.default,
    }
    if parameter.default in OPEN:
        told["default_means"] = {language: OPEN[parameter.default].text(language) for language in LANGUAGES}
    allowed = choices(parameter, question, graph)
    if allowed is not None:
        told["allowed"] = [
            {"value": choice.value, "label": choice.labels, "terms": choice.terms} for choice in allowed
        ]
    return told


def choices(parameter: Parameter, question: Question, graph: Graph) -> list[Choice] | None:
    """The values that the parameter can have; None if they cannot be listed."""
    if parameter.type not in (*question.lists, "language"):
        return None
    contexts = [Context(graph.store, language, question.lists) for language in LANGUAGES]
    found = zip(*(values(parameter.type, context) for context in contexts), strict=True)
    return [
        Choice(
            same[0].value,
            {language: value.label or value.value for language, value in zip(LANGUAGES, same, strict=True)},
            [term.value for term in same[0].terms if isinstance(term, ox.NamedNode)],
        )
        for same in found
    ]
