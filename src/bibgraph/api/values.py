"""RDF terms as values of Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

import pyoxigraph as ox

from bibgraph.namespaces import THINGS, XSD, shorten


class Iri(str):
    """An address of the web of data: a text that knows its short forms."""

    __slots__ = ()

    @property
    def path(self) -> str:
        """Of a thing of the graph, what it is asked for by: ``measure/2023-2025/14``; else the whole."""
        return self.removeprefix(THINGS)

    @property
    def short(self) -> str:
        """With a prefix in place of its beginning, where one of the project's prefixes fits."""
        return shorten(str(self))

    def __repr__(self) -> str:
        return f"Iri({str(self)!r})"


class Text(str):
    """A text in a language: ``language`` is its tag, such as ``nb``."""

    __slots__ = ("language",)

    language: str

    def __new__(cls, text: str, language: str = "") -> Text:
        """The text with its tag."""
        made = super().__new__(cls, text)
        made.language = language
        return made


Value: TypeAlias = str | int | float | bool | Decimal | dt.date | dt.datetime | None
"""What stands in a cell. None: nothing. IRIs are ``Iri``, texts in a language ``Text``."""


def python_value(term: object) -> Value:
    """The value of an RDF term: a date, a number, a truth value, else a text.

    What is written in a way that its type does not allow (or Python does not: dates before year 1) is a text.
    """
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language:
        return Text(term.value, term.language)
    make = _MAKERS.get(term.datatype.value)
    try:
        return make(term.value) if make else term.value
    except (ValueError, InvalidOperation):
        return term.value


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}.get(text, False)


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text.removesuffix("Z"))


_WHOLE = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
_MAKERS: Mapping[str, Callable[[str], Value]] = {
    **{XSD[name]: int for name in _WHOLE},
    XSD["decimal"]: Decimal,
    XSD["double"]: float,
    XSD["float"]: float,
    XSD["boolean"]: _boolean,
    XSD["date"]: _date,
    XSD["dateTime"]: dt.datetime.fromisoformat,
}
