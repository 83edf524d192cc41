"""The tokens of Turtle, TriG, N-Triples and N-Quads (RDF 1.1, W3C 2014), with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


def _sign(more: str = "") -> str:
    """A pattern for a sign of a name (Turtle, PN_CHARS_BASE): a letter, one of ``more``, or any beyond ASCII.

    What of these names may not have stands in texts, comments and IRIs alone, in a file that parses; a list
    of what they may have would take longer to compile than many a check to run.
    """
    others = (chr(code) for code in range(128) if not chr(code).isalpha())
    return f"[^{''.join(re.escape(each) for each in others if each not in more)}]"


_DIGITS = "_0123456789"
_FIRST, _FIRST_LOCAL = _sign(_DIGITS), _sign(_DIGITS + ":")
_LAST, _INNER = _sign(_DIGITS + "-"), _sign(_DIGITS + "-.")
_LAST_LOCAL, _INNER_LOCAL = _sign(_DIGITS + "-:"), _sign(_DIGITS + "-.:")
_ANY = _sign(_DIGITS + "-:%\\")
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_PARTS = {
    "skip": r"""[ \t\r\n]+|\#[^\r\n]*""",
    "iri": r"""<[^\x00-\x20<>"{}|^`\\]*+
        (?:\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})[^\x00-\x20<>"{}|^`\\]*+)*+>""",
    "long": r"""\"{3}(?:\"{0,2}(?:[^"\\]++|\\.))*+\"{3}|'{3}(?:'{0,2}(?:[^'\\]++|\\.))*+'{3}""",
    "short": r""""[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+'""",
    "blank": rf"""_:{_FIRST}(?:{_INNER}*{_LAST})?""",
    "number": r"""[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+)""",
    "name": rf"""(?:{_sign()}(?:{_INNER}*{_LAST})?)?:
        (?:(?:{_FIRST_LOCAL}|{_ESCAPED})
           (?:(?:{_INNER_LOCAL}|{_ESCAPED})*(?:{_LAST_LOCAL}|{_ESCAPED}))?)?""",
    "at": r"""@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))?""",
    "word": r"""[A-Za-z]+""",
    "mark": r"""\^\^|[.;,\[\](){}]""",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{part})" for kind, part in _PARTS.items()), re.VERBOSE | re.DOTALL)
_WITHIN = "|".join(part for kind, part in _PARTS.items() if kind != "mark")
# No dot can stand between brackets, so they need not be counted. All up to the next text, IRI or dot is gone
# through in one step, unless what follows may be a part of a name or number that begins within it.
_REST = re.compile(
    rf"""(?:[^"'<\#.\\]++(?!\\|\.{_ANY})|{_WITHIN}|\^\^|[;,\[\]()])*+\.""", re.VERBOSE | re.DOTALL
)
_ABOUT = re.compile(
    rf"(?:{_PARTS['skip']})*+(?:(?P<iri>{_PARTS['iri']})|(?P<name>{_PARTS['name']})){_REST.pattern}",
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


def scan(text: str, position: int = 0) -> Iterator[Token]:
    """The tokens of ``text`` from ``position`` on without white space and comments, then ``end`` without end.

    Raises PositionError where no token fits.
    """
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise PositionError(f"nothing that the grammar knows at character {position}")
        position = match.end()
        if match.lastgroup != "skip":
            yield Token(match.lastgroup, match.group(), match.start(), match.end())
    while True:
        yield Token("end", "", len(text), len(text))


def end_of_statement(text: str, position: int) -> int:
    """Where a statement of Turtle that goes on at ``position`` ends, behind its dot; -1 if it does not.

    The tokens are those of ``scan``, gone through in one step of the library for regular expressions.
    """
    match = _REST.match(text, position)
    return match.end() if match else -1


def statement_about(text: str, position: int) -> tuple[str, str, int, int] | None:
    """The statement from ``position`` on, if it begins with an IRI or a prefixed name, and is one.

    Its subject as an IRI in brackets or as a prefixed name, one of them empty; where it begins and ends.
    """
    match = _ABOUT.match(text, position)
    if match is None:
        return None
    iri, name = match.group("iri", "name")
    return iri or "", name or "", match.start("iri" if iri else "name"), match.end()


def unescape(text: str) -> str:
    """``text`` with the escapes of strings and IRIs resolved."""

    def letter(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else _LETTERS.get(match.group(3), match.group(3))

    return _ESCAPE.sub(letter, text) if "\\" in text else text
