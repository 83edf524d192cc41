"""A ready question as the address of a request asks it: its values, the part wanted, the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from bibgraph.catalogue import Question
from bibgraph.errors import ParameterError
from bibgraph.messages import LANGUAGES, message
from bibgraph.parameters import RESERVED
from bibgraph.suggestions import nearest, suggestion
from bibgraph.web.http.decoding import Fields, query_string
from bibgraph.web.http.paging import NAMES, Window, window
from bibgraph.web.http.reader import PARAMETER


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

    def values(self) -> dict[str, str]:
        """What is given for parameters; empty counts as not given. Raises ParameterError for doubles."""
        names = [name for name, _ in self.told]
        for name in names:
            if names.count(name) > 1:
                members = {"parameter": name, "given": [value for key, value in self.told if key == name]}
                raise ParameterError(
                    message("The parameter is given more than once."), where=name, members=members
                )
        own = NAMES if self.paged else ()
        return {name: value for name, value in self.told if value.strip() and name not in own}

    def with_value(self, name: str, value: str) -> str:
        """The path of the same question with another value for one parameter."""
        kept = [pair for pair in self.told if pair[0] != name and pair[1].strip()]
        return f"/queries/{self.question.id}?{urlencode([*kept, (name, value)])}"

    def window(self) -> Window:
        """The part of the answer that is asked for. Raises ParameterError."""
        return window(self.fields) if self.paged else Window()


def address_fields() -> Fields:
    """The fields of the address. Raises ParameterError for a language that there is not."""
    fields = query_string(request.environ)
    for given in fields.all(PARAMETER):
        if given and given not in LANGUAGES:
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
