"""Oxigraph's SPARQL parser, asked where it gets no further in a text and what it would take there.

It says so in pieces of its grammar: ``error at 2:12: expected one of Prefix not found, ['%'], "}"``. It reads
all of the text each time, so that nothing here asks it much oftener than the longest keyword has letters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import zip_longest

import pyoxigraph as ox

from bibgraph.sparql.phrases import DIGIT
from bibgraph.sparql.tokens import Kind, Token
from bibgraph.sparql.words import WORDS

_ERROR = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_PIECE = re.compile(
    r"""
    (?P<sign> "(?:[^"\\]|\\.)*" )
  | (?P<end> \[_\] )
  | (?P<digit> \['0'\.\.='9'\] )
  | \[ (?: '(?:[^'\\]|\\.[^']*)' | [^\]'] )* \]
  | (?P<sentence> [A-Z][^,"\[]*[ ][^"\[]*? (?=,[ ]["\[A-Z] | $) )
  | (?P<word> [A-Za-z][A-Za-z0-9_]+ )
    """,
    re.VERBOSE,
)
_UNREPORTED = "<unreported>"
"""What the parser says where labels of blank nodes, which it has noted before, hide what it expected."""
_APART = " " * 20
_LONGEST_WORD = max(map(len, WORDS))
"""Letters after which no other keyword comes; after «<», as of an address, more and more could follow."""
_AFTER_ALL = (("{", "{"), ("(", "("), ("$", "?x"), ("<:", "<x:x>"))
"""The signs that can follow on what is a whole query already, and how to try them."""
STICKY = ("COALESCE", "CONCAT")
"""The functions after which the parser takes no space before the bracket."""
_LONG = 20_000
_FEW = 8

Pieces = dict[str, list[str]]
"""What was expected, by kind: signs, keywords (word), sentences, a digit, and whether anything (end)."""


def is_read_quickly(text: str) -> bool:
    """Whether a text can be read again and again: each «!» in brackets doubles the parser's time."""
    return len(text) < _LONG and text.count("!") < _FEW


def read(error: SyntaxError, text: str) -> tuple[int, Pieces] | None:
    """Where in ``text`` the parser got no further, and the pieces it expected there; None if it is silent."""
    match = _ERROR.search(str(error))
    return (position_of(text, int(match[1]), int(match[2])), _pieces(match[3])) if match else None


def failure(text: str) -> tuple[int, Pieces]:
    """Where the parser gets no further, and what it expects; -1 and nothing for what is a whole query."""
    error = syntax_error(text)
    return (read(error, text) if error else None) or (-1, _pieces(""))


def syntax_error(text: str) -> SyntaxError | None:
    """What the parser says of a text; None for what is a whole query."""
    try:
        # Asked for two default graphs at once, the engine reads a query and then refuses to answer it.
        ox.Store().query(text, use_default_graph_as_union=True, default_graph=[ox.DefaultGraph()])
    except SyntaxError as error:
        return error
    except ValueError:
        return None
    return None


def stumbled_over(found: Sequence[Token]) -> Token | None:
    """The token that the parser stumbles over, None for the end.

    The parser counts a keyword's letters before it compares them, so where a keyword could stand it points
    too far to the right, often past the culprit. With the tokens set far apart it points between two of them.
    The sign at the end is no SPARQL, so that the text is refused even if setting it apart has healed it.
    """
    parts, starts, end = list[str](), list[int](), 0
    for token, after in zip_longest(found, found[1:]):
        called = token.is_word(*STICKY) and after and after.text == "(" and after.start == token.end
        parts.append(token.text if called else token.text + _APART)
        starts.append(end)
        end += len(parts[-1])
    position, _ = failure("".join(parts) + "\0")
    if not 0 <= position < end:
        return None
    at = bisect_right(starts, position) - 1
    is_called = at > 0 and found[at].text == "(" and parts[at - 1] == found[at - 1].text
    return found[at - 1] if is_called else found[at]


def without_labels(text: str, found: Sequence[Token]) -> str:
    """The text with variables for its labelled blank nodes, which say no less and are not noted."""
    parts, end = [], 0
    for token in found:
        if token.kind is Kind.BLANK:
            parts += [text[end : token.start], "?".ljust(len(token.text), "_")]
            end = token.end
    return "".join(parts) + text[end:]


def possible(text: str, before: Sequence[Token]) -> tuple[set[str], set[str], bool]:
    """The signs and keywords that can stand after the tokens ``before`` of ``text``, and whether the end can.

    At the end of a text the parser names all signs; a keyword it names if as many letters as it has follow.
    """
    head = without_labels(text[: before[-1].end] if before else "", before) + _APART
    position, pieces = failure(head)
    if 0 <= position < len(head):
        return set(), set(), False
    whole = position < 0
    signs, words = {*pieces["sign"], *pieces["digit"]}, set[str]()
    if whole:
        for kind, trial in _AFTER_ALL:
            if failure(f"{head}{trial}{_APART}\0")[0] >= len(head) + len(_APART):
                signs.update(kind)
    letters, more = 0, whole or pieces["end"]
    while more and letters < _LONGEST_WORD and is_read_quickly(head):
        letters += 1
        position, pieces = failure(head + "\0" * letters)
        more = pieces["end"] if position == len(head) + letters else []
        words.update(pieces["word"] if position == len(head) + letters else ())
    return signs, {word.upper() for word in words}, whole


def position_of(text: str, line: int, column: int) -> int:
    """The place in ``text``, from 0, that has this line and column, from 1."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _pieces(expected: str) -> Pieces:
    found: Pieces = {"sign": [], "word": [], "sentence": [], "digit": [], "end": []}
    for match in _PIECE.finditer("" if expected == _UNREPORTED else expected):
        if match.lastgroup:
            found[match.lastgroup].append(match.group().strip())
    found["sign"] = [re.sub(r"\\(.)", r"\1", sign[1:-1]) for sign in found["sign"]]
    found["digit"] = [DIGIT] * len(found["digit"])
    return found
