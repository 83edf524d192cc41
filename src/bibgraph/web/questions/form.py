"""The form of a ready question: a field for each parameter, with what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bibgraph.catalogue import Question
from bibgraph.messages import message
from bibgraph.namespaces import THINGS
from bibgraph.parameters import READER, Context, Parameter, Value, resolve, values
from bibgraph.web.parts.ordering import alphabetical
from bibgraph.web.questions.choosing import Choice, Choosing

OPEN = {
    "any": message("all"),
    "latest": message("the latest"),
    "none": message("none"),
    READER: message("the reader’s"),
}
"""What the defaults mean that are no values."""


MOST_LISTED = 120
"""So many things are a list to choose from; among more, one searches."""


@dataclass(frozen=True)
class Input:
    """A field of a question's form.

    choices: what can be chosen, and nothing else. days: those offered beside any other. sought: whether there
    are too many things to list, so that they are looked for.
    """

    name: str
    label: str
    type: str
    value: str
    choices: Sequence[Choice]
    days: Sequence[Choice]
    sought: bool
    note: str
    required: bool


def inputs(
    question: Question, given: Mapping[str, str], context: Context, choosing: Choosing
) -> Sequence[Input]:
    """The fields, filled with what is given; what can be chosen is asked of the graph."""
    return [
        _input(question, parameter, given.get(parameter.name, ""), context, choosing)
        for parameter in question.parameters
    ]


def _input(
    question: Question, parameter: Parameter, given: str, context: Context, choosing: Choosing
) -> Input:
    language = context.language
    default = parameter.default or ""
    if_empty = OPEN[default].text(language) if default in OPEN else ""
    things = choosing.things(question, parameter.name, language)
    value = _key(given) if things else given
    listed = _listed(parameter, context) or _with(things, value)
    sought = len(things) > MOST_LISTED
    listed = () if sought else listed
    known = {choice.value for choice in listed}
    optional = parameter.default is not None and default not in known
    return Input(
        name=parameter.name,
        label=question.label(parameter.name, language),
        type={"date": "date", "integer": "number"}.get(parameter.type, "text"),
        value=value or (default if default in known or default not in OPEN else ""),
        choices=[*([Choice("", if_empty or "–")] if optional else []), *listed] if listed else (),
        days=choosing.days(language) if parameter.type == "date" else (),
        sought=sought,
        note=_note("" if listed else if_empty, language, sought=sought),
        required=parameter.required,
    )


def _note(if_empty: str, language: str, *, sought: bool) -> str:
    """What to write in a field, and what it means to write nothing."""
    told = [
        message("write a name").text(language) if sought else "",
        message("empty: {default}", default=if_empty).text(language) if if_empty else "",
    ]
    return "; ".join(filter(None, told))


def _listed(parameter: Parameter, context: Context) -> Sequence[Choice]:
    """The values of a closed list by name, with codes as documents print them."""
    found = [Choice(each.value, _told(each)) for each in values(parameter.type, context)]
    return sorted(found, key=lambda choice: alphabetical(choice.label))


def _told(value: Value) -> str:
    printed = value.value.isupper() and value.value not in value.label
    return f"{value.label} ({value.value})" if printed and value.label else value.label or value.value


def _key(given: str) -> str:
    """A thing as the list names it, however it is written."""
    thing = resolve(given) if given else None
    return thing.value.removeprefix(str(THINGS)) if thing else given


def _with(things: Sequence[Choice], value: str) -> Sequence[Choice]:
    """The things and, if it is another one, that which is given: the form goes on saying what is asked."""
    known = any(choice.value == value for choice in things)
    return things if known or "/" not in value or not things else [*things, Choice(value, value)]
