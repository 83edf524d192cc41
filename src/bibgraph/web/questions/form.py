"""The form of a ready question: a field for each parameter, with what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bibgraph.catalogue import Question
from bibgraph.messages import message
from bibgraph.parameters import READER, Context, Parameter, values

OPEN = {
    "any": message("all"),
    "latest": message("the latest"),
    "none": message("none"),
    READER: message("the reader’s"),
}
"""What the defaults mean that are no values."""


@dataclass(frozen=True)
class Input:
    """A field of a question's form. choices: value and label of each; empty for free input."""

    name: str
    label: str
    type: str
    value: str
    choices: Sequence[tuple[str, str]]
    note: str
    required: bool


def inputs(question: Question, given: Mapping[str, str], context: Context) -> Sequence[Input]:
    """The fields, filled with what is given; what can be chosen is asked of the context's store."""
    return [
        _input(
            parameter,
            question.label(parameter.name, context.language),
            given.get(parameter.name, ""),
            context,
        )
        for parameter in question.parameters
    ]


def _input(parameter: Parameter, label: str, value: str, context: Context) -> Input:
    language = context.language
    default = parameter.default or ""
    if_empty = OPEN[default].text(language) if default in OPEN else ""
    listed = [(found.value, found.label or found.value) for found in values(parameter.type, context)]
    optional = (
        [("", if_empty or "–")] if parameter.default is not None and default not in dict(listed) else []
    )
    note = message("empty: {default}", default=if_empty).text(language) if if_empty and not listed else ""
    kind = {"date": "date", "integer": "number"}.get(parameter.type, "text")
    shown = value or (default if default in dict(listed) or default not in OPEN else "")
    choices = [*optional, *listed] if listed else []
    return Input(parameter.name, label, kind, shown, choices, note, parameter.required)
