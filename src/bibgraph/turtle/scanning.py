"""The tokens of Turtle, TriG, N-Triples and N-Quads (RDF 1.1, W3C 2014), with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r\n]+|\#[^\r\n]*)
    |(?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    |(?P<long>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3})
    |(?P<short>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<blank>_:[\w](?:[\w.\-·]*[\w\-·])?)
    |(?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+))
    |(?P<name>(?:[^\W\d_](?:[\w.\-·]*[\w\-·])?)?:
        (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
           (?:(?:[\w\-:.·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
              (?:[\w\-:·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
    |(?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<word>[A-Za-z]+)
    |(?P<mark>\^\^|[.;,\[\](){}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class PositionError(ValueError):
    """The text is not what its grammar allows."""


class Token(NamedTuple):
    """A token: its kind (the name of its group above, or ``end``), its text and its offsets."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str) -> Iterator[Token]:
    """The tokens of ``text`` without white space and comments, then ``end`` without end.

    Raises PositionError where no token fits.
    """
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise PositionError(f"nothing that the grammar knows at character {position}")
        position = match.end()
        if match.lastgroup != "skip":
            yield Token(match.lastgroup, match.group(), match.start(), match.end())
    while True:
        yield Token("end", "", len(text), len(text))


def unescape(text: str) -> str:
    """``text`` with the escapes of strings and IRIs resolved."""

    def letter(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else _LETTERS.get(match.group(3), match.group(3))

    return _ESCAPE.sub(letter, text) if "\\" in text else text
