"""Parameters of ready questions: what a reader writes, checked and made into RDF terms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import pyoxigraph as ox

from bibgraph.errors import ParameterError
from bibgraph.messages import LANGUAGES, Message, message
from bibgraph.namespaces import PREFIXES, THINGS
from bibgraph.sparql import in_sparql
from bibgraph.suggestions import nearest, suggestion

UNBOUND = ("any", "latest", "none")
"""Defaults that leave a parameter without a value: what the question then means is the question's own."""
READER = "reader"
"""The default of a language that means the reader's own."""
RESERVED = ("lang", "format", "limit", "offset")
"""Names that addresses need for themselves: the reader's language, the format, and the part of an answer."""
EXAMPLES: Mapping[str, str] = {"date": "2025-10-14", "integer": "14", "thing": "measure/2023-2025/14"}
"""What a value of a type may look like."""

_BARE: Mapping[str, Message] = {
    "date": message("Write a day of the calendar as year-month-day."),
    "thing": message("Write its address."),
}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"([+-]?[0-9]{1,18})(?:\.0{1,9})?")
GREATEST = 10**18 - 1  # how far from zero whole numbers go, up and down
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_THINGS = """
SELECT DISTINCT ?thing WHERE { ?thing ?property ?value FILTER (STRSTARTS(STR(?thing), %s)) } LIMIT 5000
"""

Term: TypeAlias = ox.NamedNode | ox.Literal


class Store(Protocol):
    """What can be asked; see ``bibgraph.store``."""

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """The answer to a query."""


@dataclass(frozen=True)
class Parameter:
    """A parameter as a question declares it.

    type: one of ``TYPES``, or the name of a list of allowed values. default: what it is when the reader says
    nothing; None if the reader must say something.
    """

    name: str
    type: str
    default: str | None = None

    @property
    def required(self) -> bool:
        """Whether the reader must give a value."""
        return self.default is None


@dataclass(frozen=True)
class Value:
    """One of the values that a parameter can have: what to write, its name, and the terms it stands for."""

    value: str
    label: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Context:
    """What values are read against: a store, the reader's language, and the texts of the lists' queries."""

    store: Store
    language: str
    lists: Mapping[str, str]


def terms_of(parameter: Parameter, given: str, context: Context) -> tuple[Term, ...]:
    """The terms that ``given`` stands for; none if it leaves the parameter open. Empty means: not given.

    Raises ParameterError that says what would have been right.
    """
    text = given.strip() or parameter.default or ""
    if not text:
        raise _wrong(parameter, message("The parameter needs a value."), context)
    if text == parameter.default and text in UNBOUND:
        return ()
    if parameter.type == "thing":
        return (_thing(parameter, text, context),)
    if parameter.type in context.lists:
        return _listed(parameter, text, context)
    return (literal(parameter, text, language=context.language),)


def literal(parameter: Parameter, text: str, *, language: str) -> ox.Literal:
    """The literal that ``text`` stands for, for a parameter of a type that needs no store to be checked."""
    term = TYPES[parameter.type](text, language if text == parameter.default == READER else "")
    if term is None:
        raise _wrong(parameter, message("«{text}» is none of its values.", text=text), None, text)
    return term


def values(type_: str, context: Context) -> list[Value]:
    """The values that a parameter of this type can have, sorted; empty if they cannot be listed."""
    if type_ == "language":
        return [Value(language, language, (ox.Literal(language),)) for language in LANGUAGES]
    answer = context.store.query(context.lists[type_]) if type_ in context.lists else ()
    found: dict[str, dict[Term, dict[str, str]]] = {}
    for row in answer if isinstance(answer, ox.QuerySolutions) else ():
        value, term, label = row["value"], row["term"], row["label"]
        labels = found.setdefault(value.value, {}).setdefault(term, {})
        if label is not None:
            labels.setdefault(label.language or "", label.value)
    return [_value(value, found[value], context.language) for value in sorted(found)]


def _value(value: str, labels: Mapping[Term, Mapping[str, str]], language: str) -> Value:
    """A value with the name of its first term in ``language``, else in any."""
    terms = tuple(sorted(labels, key=str))
    names = labels[terms[0]]
    wanted = next((tag for tag in (language, *LANGUAGES, "") if tag in names), min(names, default=""))
    return Value(value, names.get(wanted, ""), terms)


def _listed(parameter: Parameter, text: str, context: Context) -> tuple[Term, ...]:
    """The terms of the value that is ``text`` in any case, or the one term that has ``text`` as its IRI."""
    allowed = values(parameter.type, context)
    for value in allowed:
        if text.casefold() == value.value.casefold():
            return value.terms
        if any(text == term.value for term in value.terms if isinstance(term, ox.NamedNode)):
            return (ox.NamedNode(text),)
    raise _wrong(parameter, message("«{text}» is none of its values.", text=text), context, text)


def resolve(text: str) -> ox.NamedNode | None:
    """The thing that ``text`` names: an address, a name with a prefix, or a path such as ``measure/x/14``."""
    bare = text.removeprefix("<").removesuffix(">")
    prefix, colon, local = bare.partition(":")
    if _ADDRESS.match(bare):
        iri = bare
    elif colon:
        iri = PREFIXES[prefix] + local if prefix in PREFIXES else ""
    else:
        iri = THINGS + bare.removeprefix("/").removeprefix("id/")
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _thing(parameter: Parameter, text: str, context: Context) -> ox.NamedNode:
    thing = resolve(text)
    if thing is not None and _is_there(thing, context.store):
        return thing
    path = thing.value.removeprefix(THINGS) if thing else text
    # Of the same kind if there are any: comparing with all the things of a large graph takes seconds.
    near = nearest(path, _things(context.store, f"{path.partition('/')[0]}/") or _things(context.store))
    problem = message("There is no thing «{text}» in the graph.", text=text)
    raise _wrong(parameter, problem, context, text, near)


def _is_there(thing: ox.NamedNode | None, store: Store) -> bool:
    if thing is None:
        return False
    name = in_sparql(thing)
    return bool(
        store.query(f"ASK {{ {{ {name} ?p ?o }} UNION {{ ?s ?p {name} }} UNION {{ ?s {name} ?o }} }}")
    )


def _things(store: Store, kind: str = "") -> list[str]:
    answer = store.query(_THINGS % in_sparql(ox.Literal(THINGS + kind)))
    found = answer if isinstance(answer, ox.QuerySolutions) else ()
    return [row["thing"].value.removeprefix(THINGS) for row in found]


def _date(text: str, _language: str) -> ox.Literal | None:
    try:
        real = bool(_DATE.fullmatch(text)) and dt.date.fromisoformat(text)
    except ValueError:
        return None
    return ox.Literal(text, datatype=ox.NamedNode(f"{_XSD}date")) if real else None


def whole_number(text: str) -> int | None:
    """The whole number that is written, as JSON Schema has it: 14, or 14.0; None for anything else."""
    found = _INTEGER.fullmatch(text)
    return int(found[1]) if found else None


def _integer(text: str, _language: str) -> ox.Literal | None:
    number = whole_number(text)
    return None if number is None else ox.Literal(str(number), datatype=ox.NamedNode(f"{_XSD}integer"))


def _text(text: str, _language: str) -> ox.Literal:
    return ox.Literal(text)


def _language(text: str, language: str) -> ox.Literal | None:
    chosen = language or text.lower()
    return ox.Literal(chosen) if chosen in LANGUAGES else None


TYPES: Mapping[str, Callable[[str, str], ox.Literal | None]] = {
    "date": _date,
    "integer": _integer,
    "text": _text,
    "language": _language,
}
"""What makes literals of texts, or None of a text that is none; the reader's language if that was meant."""


def repeated(parameter: Parameter, given: Sequence[str], context: Context) -> ParameterError:
    """The error for a parameter with several values, ``given``."""
    error = _wrong(parameter, message("The parameter is given more than once."), context)
    told = {name: value for name, value in error.members.items() if name != "suggestions"}
    error.members = {**told, "given": list(given)}
    return error


def _wrong(
    parameter: Parameter, problem: Message, context: Context | None, given: str = "", near: Sequence[str] = ()
) -> ParameterError:
    """The error that says to people and to programs what can be written. near: things that may be meant."""
    listed = context is not None and parameter.type in context.lists
    allowed = [value.value for value in values(parameter.type, context)] if context and listed else []
    allowed = list(LANGUAGES) if parameter.type == "language" else allowed
    example = EXAMPLES.get(parameter.type, "")
    if parameter.type == "thing" and not (context and _is_there(resolve(example), context.store)):
        example = ""  # the graph need not be the project's own
    told = {
        "parameter": parameter.name,
        "expected": parameter.type,
        "given": given or None,
        "allowed": allowed if listed or allowed else None,
        "example": example or None,
        "default": parameter.default,
        "suggestions": (near or nearest(given, allowed)) if near or allowed else None,
    }
    if near:
        hint = message("Did you mean {near}?", near=", ".join(near))
    else:
        hint = hint_of(parameter, given, allowed, example)
    members = {name: value for name, value in told.items() if value is not None}
    return ParameterError(problem, where=parameter.name, hint=hint, members=members)


def hint_of(parameter: Parameter, text: str, allowed: Sequence[str], example: str) -> Message:
    """What can be written for the parameter instead of ``text``.

    allowed: its values, if they are listed. example: one of those that cannot be; empty if none is known.
    """
    hints = {
        "date": message("Write a day of the calendar as year-month-day, such as {example}.", example=example),
        "integer": message("Write a whole number, such as {example}.", example=example),
        "text": message("Write any text."),
        "thing": message("Write its address, or its path such as {example}.", example=example),
    }
    hint = ({} if example else _BARE).get(parameter.type) or hints.get(parameter.type)
    hint = hint or suggestion(text, allowed)
    if parameter.default is None:
        return hint
    return message("{hint} Without it: {default}.", hint=hint, default=parameter.default)
