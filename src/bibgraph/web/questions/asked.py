"""A ready question as the address of a request asks it: its values, the part wanted, the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from bibgraph.catalogue import Question
from bibgraph.errors import ParameterError
from bibgraph.media import BY_NAME, BY_TYPE, meant
from bibgraph.messages import LANGUAGES, message
from bibgraph.parameters import RESERVED, Context, repeated
from bibgraph.suggestions import nearest, suggestion
from bibgraph.web.http.decoding import Fields, query_string
from bibgraph.web.http.paging import BOUNDS, NAMES, Window, window
from bibgraph.web.http.reader import PARAMETER
from bibgraph.web.questions.offers import offered

FORMAT = "format"


@dataclass(frozen=True)
class Asked:
    """A question as the address asks it: the type of answer, and whether the address itself fixes it."""

    question: Question
    type: str
    fixed: bool
    fields: Fields

    @property
    def told(self) -> Sequence[tuple[str, str]]:
        """The fields that say what to answer, not how."""
        return [pair for pair in self.fields.pairs if pair[0] in NAMES or pair[0] not in RESERVED]

    @property
    def paged(self) -> bool:
        """Whether the answer can be had in parts."""
        return self.question.kind == "select"

    @property
    def values_told(self) -> bool:
        """Whether the address says anything of what the question is about."""
        return any(value.strip() for _, value in self.told)

    def values(self, context: Context) -> dict[str, str]:
        """What is given for parameters; empty counts as not given. Raises ParameterError for doubles."""
        for name in dict(self.told):
            if len(given := self.fields.all(name)) > 1:
                raise self._doubled(name, given, context)
        own = NAMES if self.paged else ()
        return {name: value for name, value in self.told if value.strip() and name not in own}

    def _doubled(self, name: str, given: Sequence[str], context: Context) -> ParameterError:
        for parameter in self.question.parameters:
            if parameter.name == name:
                return repeated(parameter, given, context)
        bounds = BOUNDS[name] if self.paged and name in NAMES else ()
        return _given_often(name, given, dict(zip(("minimum", "maximum"), bounds, strict=False)))

    def with_value(self, name: str, value: str) -> str:
        """The path of the same question with another value for one parameter."""
        kept = [pair for pair in self.told if pair[0] != name and pair[1].strip()]
        return f"/queries/{self.question.id}?{urlencode([*kept, (name, value)])}"

    def window(self) -> Window:
        """The part of the answer that is asked for. Raises ParameterError."""
        return window(self.fields) if self.paged else Window()


def format_named(question: Question, ending: str, fields: Fields) -> str:
    """The format that the address names, by its ending or by ``format``; empty for none.

    Raises ParameterError for several.
    """
    names = [BY_TYPE[type_].name for type_ in offered(question)]
    once(FORMAT, fields, names)
    given = fields.first(FORMAT)
    if ending in names and given and BY_NAME[ending] not in meant(given):
        raise ParameterError(
            message(
                "The address ends in .{ending}, and the format asked for is {given}.",
                ending=ending,
                given=given,
            ),
            where=FORMAT,
            hint=message("Name the format in one way only."),
            members={"parameter": FORMAT, "given": given, "allowed": [ending]},
        )
    return ending or given


def once(name: str, fields: Fields, allowed: Sequence[str]) -> None:
    """Raise ParameterError if a parameter that can have these values is given more than once."""
    if len(given := fields.all(name)) > 1:
        raise _given_often(name, given, {"allowed": list(allowed)})


def _given_often(name: str, given: Sequence[str], more: Mapping[str, object]) -> ParameterError:
    allowed = more.get("allowed")
    return ParameterError(
        message("The parameter is given more than once."),
        where=name,
        hint=suggestion("", allowed) if isinstance(allowed, list) else None,
        members={"parameter": name, "given": given, **more},
    )


def address_fields() -> Fields:
    """The fields of the address. Raises ParameterError for several languages, and one that there is not."""
    fields = query_string(request.environ)
    once(PARAMETER, fields, LANGUAGES)
    given = fields.first(PARAMETER)
    if given and given.lower() not in LANGUAGES:
        raise ParameterError(
            message("«{text}» is none of its values.", text=given),
            where=PARAMETER,
            hint=suggestion(given, LANGUAGES),
            members={
                "parameter": PARAMETER,
                "given": given,
                "expected": "language",
                "allowed": list(LANGUAGES),
                "suggestions": nearest(given, LANGUAGES),
            },
        )
    return fields
