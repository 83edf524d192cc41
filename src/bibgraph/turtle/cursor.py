"""Going through the tokens of a text: what comes next, on which line it stands, which IRI a name means."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

import pyoxigraph as ox

from bibgraph.turtle.scanning import PositionError, Token, scan, unescape

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Place(NamedTuple):
    """A place in a text: line and column from 1, columns counted in characters; where the term ends."""

    line: int
    column: int
    end_line: int
    end_column: int


def _line_starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(match.end() for match in _LINE_END.finditer(text))]
    # The same, several times as fast.
    lengths = accumulate(map(len, text.split("\n")[:-1]))
    return [0, *(length + number for number, length in enumerate(lengths, 1))]


class Cursor:
    """The tokens of a text from some place on, and the prefixes and the base that hold there."""

    def __init__(self, text: str, base: str) -> None:
        self.text = text
        self.prefixes: dict[str, str] = {}
        self.base = base
        self._starts = _line_starts(text)
        self.go(0)

    def go(self, position: int) -> None:
        """Go on from ``position``."""
        self._tokens = scan(self.text, position)
        self.token = next(self._tokens)

    def next(self) -> Token:
        """The token that comes next, and past it."""
        token, self.token = self.token, next(self._tokens)
        return token

    def at(self, *marks: str) -> bool:
        """Whether one of these marks comes next."""
        return self.token.kind == "mark" and self.token.text in marks

    def expect(self, mark: str) -> Token:
        """Past this mark. Raises PositionError if something else comes next."""
        if not self.at(mark):
            raise PositionError(f"{mark!r} expected at character {self.token.start}")
        return self.next()

    def place(self, start: int, end: int) -> Place:
        """The place of what stands between two offsets."""
        return Place(*self._line_of(start), *self._line_of(end))

    def _line_of(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def iri(self, text: str) -> str:
        """What an IRI in brackets means here."""
        iri = unescape(text[1:-1])
        if not self.base or _SCHEME.match(iri):
            return iri
        try:
            # The same parser as reads the file, so that both mean the same IRI (RFC 3986, section 5.2).
            [quad] = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.TURTLE, base_iri=self.base)
        except (SyntaxError, ValueError) as error:
            raise PositionError(f"{text} is no IRI") from error
        if not isinstance(quad.object, ox.NamedNode):
            raise PositionError(f"{text} is no IRI")
        return quad.object.value

    def expand(self, name: str) -> str:
        """The IRI that a prefixed name means here."""
        prefix, _, local = name.partition(":")
        if prefix not in self.prefixes:
            raise PositionError(f"the prefix {prefix}: is not declared")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
