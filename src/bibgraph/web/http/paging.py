"""Parts of answers: ``?limit=`` and ``?offset=``, checked, and the links from one part to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Response, request

from bibgraph.errors import ParameterError
from bibgraph.messages import message
from bibgraph.parameters import EXAMPLES, whole_number
from bibgraph.web.http.decoding import Fields

LIMIT, OFFSET = "limit", "offset"
NAMES = (LIMIT, OFFSET)
BOUNDS = {LIMIT: (1, 100_000), OFFSET: (0, 1_000_000_000)}
"""The least and most that each may be."""
TOTAL = "X-Total-Count"
"""The header that tells how many rows there are in all."""


@dataclass(frozen=True)
class Window:
    """A part of an answer: at most ``limit`` rows (all, if None) after the first ``offset``."""

    limit: int | None = None
    offset: int = 0

    @property
    def whole(self) -> bool:
        """Whether it is all of the answer."""
        return self.limit is None and not self.offset

    def at_most(self, most: int) -> Window:
        """The same part, with ``most`` rows if it had more."""
        return Window(min(self.limit or most, most), self.offset)

    def others(self, total: int) -> list[tuple[str, Window]]:
        """The first, previous, next and last part out of ``total`` rows, those that there are, by relation.

        These are names of link relations (RFC 8288). The previous part ends where this one begins, and so may
        have fewer rows. A part without ``limit`` has no others.
        """
        if self.limit is None:
            return []
        odd = self.offset % self.limit if self.offset < total else 0
        last = odd + max(total - 1 - odd, 0) // self.limit * self.limit
        found = [("first", Window(self.limit))]
        if self.offset:
            start = max(min(self.offset - self.limit, last), 0)
            found.append(("prev", Window(min(self.limit, self.offset - start), start)))
        if self.offset + self.limit < total:
            found.append(("next", Window(self.limit, self.offset + self.limit)))
        return [*found, ("last", Window(self.limit, last))]

    def fields(self) -> list[tuple[str, str]]:
        """The fields of an address that asks for this part."""
        told = ((LIMIT, self.limit), (OFFSET, self.offset or None))
        return [(name, str(number)) for name, number in told if number is not None]


def window(told: Fields) -> Window:
    """The part that the fields of an address ask for. Raises ParameterError."""
    limit, offset = (_number(name, told.first(name).strip(" \t\r\n")) for name in NAMES)
    return Window(limit, offset or 0)


def _number(name: str, given: str) -> int | None:
    """The number that is given, None for nothing."""
    least, most = BOUNDS[name]
    number = whole_number(given)
    if not given or (number is not None and least <= number <= most):
        return number
    members = {
        "parameter": name,
        "given": given,
        "expected": "integer",
        "minimum": least,
        "maximum": most,
        "example": EXAMPLES["integer"],
    }
    raise ParameterError(
        message("«{text}» is none of its values.", text=given),
        where=name,
        hint=message("Write a whole number from {least} to {most}.", least=least, most=most),
        members=members,
    )


@dataclass(frozen=True)
class Pages:
    """A part of an answer on a page or in a document: the part shown, and how many rows there are in all."""

    shown: Window
    total: int
    told: Sequence[tuple[str, str]]

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return self.shown.offset + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.shown.offset + (self.shown.limit or self.total), self.total)

    def links(self) -> dict[str, str]:
        """The addresses of the other parts by relation."""
        kept = [pair for pair in self.told if pair[0] not in NAMES]
        path = quote(request.path)
        return {
            name: f"{path}?{urlencode([*kept, *part.fields()])}"
            for name, part in self.shown.others(self.total)
        }

    def tell(self, response: Response) -> None:
        """Put the number of all rows and the links into the headers."""
        response.headers[TOTAL] = str(self.total)
        for name, path in self.links().items():
            response.headers.add("Link", f'<{path}>; rel="{name}"')
