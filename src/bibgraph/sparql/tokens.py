"""SPARQL text as tokens, by the terminals of SPARQL 1.1 (section 19.8) with 1.2's additions.

Strict on purpose: what is no token, or can be read in two ways, is refused. Engines without a tokeniser of
their own (Oxigraph is one) take a word that sticks to its neighbour, and read ``?a<?b`` as a comparison where
the standard sees the beginning of an IRI; a lenient reading here would overlook what such an engine acts on.
Linear in the length of the text, and without recursion: a prefix has at most 201 characters, so that the
search for its colon never goes far.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple

from bibgraph.errors import QueryError
from bibgraph.messages import Message, message


class Kind(Enum):
    """What a token is; the values name the groups of the pattern below."""

    IRI = "iri"
    NAME = "name"
    BLANK = "blank"
    VARIABLE = "variable"
    STRING = "string"
    LANGUAGE = "language"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"


class Token(NamedTuple):
    """A token as written, and where in the text it starts (from 0)."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends: the place after its last character."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these bare words, given in capitals, in any case."""
        return self.kind is Kind.WORD and self.text.upper() in words


# PN_CHARS_BASE, PN_CHARS and what a variable's name may go on with (productions 164 to 167), beyond ASCII.
_LETTERS = (
    r"\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_MARKS = r"\u00B7\u0300-\u036F\u203F-\u2040"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
# A code point escape that stands for a character; a surrogate does not.
_POINT = (
    r"\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}|\\U000[1-9A-Fa-f][0-9A-Fa-f]{4}|\\U0010[0-9A-Fa-f]{4}"
    r"|\\U0000(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}"
)
_ESCAPE = rf"""\\[tbnrf\\"']|{_POINT}"""

_BEYOND = re.compile(r"[^\x00-\x7f]")
_SPACE = re.compile(r"(?:[ \t\r\n]++ | \#[^\r\n]*+)*+", re.VERBOSE)


@cache
def _pattern(letters: str = "", marks: str = "") -> re.Pattern[str]:
    """A token or the end, after any white space; with these ranges of letters, and marks, beyond ASCII."""
    base = rf"A-Za-z{letters}"
    variable = rf"{base}_0-9{marks}"
    chars = rf"{variable}\-"
    return re.compile(
        rf"""
    {_SPACE.pattern} (?:
    (?P<iri> <(?:[^\x00-\x20<>"{{}}|^`\\]|{_POINT})*+> )
  | (?P<string> \"\"\"(?:\"{{0,2}}(?:[^"\\]|{_ESCAPE}))*+\"\"\"
              | \'\'\'(?:\'{{0,2}}(?:[^'\\]|{_ESCAPE}))*+\'\'\'
              | "(?!"")(?:[^"\\\r\n]|{_ESCAPE})*+"
              | '(?!'')(?:[^'\\\r\n]|{_ESCAPE})*+' )
  | (?P<blank> _:[{base}_0-9](?:[{chars}.]*[{chars}])? )
  | (?P<name> (?:[{base}][{chars}.]{{0,200}}+(?<!\.))?:
              (?:(?:[{base}_:0-9]|{_PLX})(?:(?:\.*(?:[{chars}:]|{_PLX}))*+))? )
  | (?P<variable> [?$][{base}_0-9][{variable}]*+ )
  | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]+)*+(?:--[A-Za-z]++)? )
  | (?P<number> [0-9]+\.[0-9]*[eE][+-]?[0-9]+
              | [0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?
              | [0-9]+(?:[eE][+-]?[0-9]+)? )
  | (?P<word> [A-Za-z][A-Za-z0-9_]*+ )
  | (?P<sign> && | \|\| | \^\^ | != | >= | <= | \{{\| | \|\}} | [{{}}()\[\];,.=<>!+*/|^?~-] )
  | (?P<end> \Z )
    )""",
        re.VERBOSE,
    )


_KINDS = {kind.value: kind for kind in Kind}
_OPENED_BY = {")": "(", "]": "[", "}": "{", "|}": "{|"}
_OPENING = frozenset(_OPENED_BY.values())
_OPERANDS = frozenset(
    (Kind.IRI, Kind.NAME, Kind.BLANK, Kind.VARIABLE, Kind.STRING, Kind.LANGUAGE, Kind.NUMBER)
)
_WITH_AUTHORITY = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_CHANGES_READING = re.compile(r"[#'()\[\]!]")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of ``text``, white space and comments left out.

    Raises QueryError with line and column for what is no token, for brackets that do not pair, and for a
    ``<`` that can be read in two ways.
    """
    opened: list[Token] = []
    position, before = 0, None
    match_at = _pattern_for(text).match
    while True:
        match = match_at(text, position)
        if not match:
            raise _no_token(text, _after_space(text, position))
        kind = _KINDS.get(match.lastgroup or "")
        if kind is None:
            break
        start, position = match.span(kind.value)
        token = Token(kind, text[start:position], start)
        if kind is Kind.IRI and opened and opened[-1].text == "(":
            _refuse_two_readings(text, token, before)
        elif kind is Kind.SIGN:
            _pair(text, token, opened)
        before = token
        yield token
    if opened:
        raise _error(text, opened[-1].start, message("«{bracket}» is never closed.", bracket=opened[-1].text))


def _pattern_for(text: str) -> re.Pattern[str]:
    """The pattern that is quickest to make and finds the tokens of ``text``.

    Where letters beyond ASCII stand in texts, comments and addresses alone, it need not know them.
    """
    plain, position = _pattern(), 0
    while beyond := _BEYOND.search(text, position):
        while position <= beyond.start():
            match = plain.match(text, position)
            if not match:
                return _pattern(_LETTERS, _MARKS)
            position = match.end()
    return plain


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def place(text: str, position: int) -> str:
    """Line and column, from 1, of a position in ``text``: ``3:14``."""
    line = text.count("\n", 0, position) + 1
    return f"{line}:{position - text.rfind(chr(10), 0, position)}"


def _error(text: str, position: int, problem: Message, hint: Message | None = None) -> QueryError:
    return QueryError(problem, where=place(text, position), hint=hint)


def _pair(text: str, token: Token, opened: list[Token]) -> None:
    """Keep the stack of brackets ``opened``."""
    if token.text in _OPENING:
        opened.append(token)
    elif token.text in _OPENED_BY:
        if not opened or opened[-1].text != _OPENED_BY[token.text]:
            raise _error(
                text,
                token.start,
                message("«{bracket}» closes nothing that is open here.", bracket=token.text),
                message("Open here: «{open}».", open=opened[-1].text) if opened else None,
            )
        opened.pop()


def _refuse_two_readings(text: str, token: Token, before: Token | None) -> None:
    """Refuse ``?a<x#y>`` in brackets: an IRI to the standard, a comparison and a comment to some engines."""
    after_operand = before is not None and (
        before.kind in _OPERANDS or before.text in (")", "]") or before.is_word("TRUE", "FALSE")
    )
    if after_operand and not _WITH_AUTHORITY.match(token.text) and _CHANGES_READING.search(token.text):
        raise _error(
            text,
            token.start,
            message("«<» can be read here as «less than» or as the beginning of an address."),
            message("Put a space after a «less than»; write the address with a prefix."),
        )


def _no_token(text: str, position: int) -> QueryError:
    found = text[position]
    if found in "\"'":
        return _error(
            text,
            position,
            message("This text has no end, or a backslash in it that is no escape."),
            message("End it with the same mark, or write the backslash twice: \\\\."),
        )
    if found == "\\":
        hint = message("Outside texts and addresses write the character itself, not its escape.")
    elif found.isspace():
        hint = message("It looks like a space but is another character: delete it and type a space.")
    else:
        hint = message("Look at this place and the line above it.")
    return _error(
        text,
        position,
        message("The character «{found}» (U+{code:04X}) cannot stand here.", found=found, code=ord(found)),
        hint,
    )
