"""What Oxigraph's SPARQL parser complains of, in words that help.

The parser says where it could get no further and what it would have taken there, as pieces of its grammar:
``error at 2:12: expected one of Prefix not found, ['%'], "}"``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import pyoxigraph as ox

from bibgraph.errors import QueryError
from bibgraph.messages import message
from bibgraph.namespaces import PREFIXES
from bibgraph.sparql.tokens import Kind, Token, place, tokens

_ERROR = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_PIECE = re.compile(
    r"""
    (?P<sign> "(?:[^"\\]|\\.)*" )
  | (?P<end> \[_\] )
  | \[ (?: '(?:[^'\\]|\\.[^']*)' | [^\]'] )* \]
  | (?P<sentence> [A-Z][^,"\[]*[ ][^"\[]*? (?=,[ ]["\[A-Z] | $) )
  | (?P<word> [A-Za-z][A-Za-z0-9_]+ )
    """,
    re.VERBOSE,
)
_IS_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\]*>")
_SHOWN = 30
_FEW = 8
_APART = " " * 20
_PREFIX_BEFORE = re.compile(r"([^\s:<>{}()\[\];,|/^]*):[^\s:]*$")


def complaint(error: SyntaxError, text: str) -> QueryError:
    """The parser's ``error`` about ``text`` as ours: line and column, what stands there, what could stand."""
    match = _ERROR.search(str(error))
    if not match:
        return QueryError(message("The query cannot be read: {reason}.", reason=str(error).rstrip(".")))
    try:
        found = list(tokens(text))
    except QueryError as plainer:
        return plainer
    signs, words, sentences = _pieces(match[3])
    position = _position(text, int(match[1]), int(match[2]))
    if sentences:
        before = next((token for token in found if token.end == position), None)
        return _relative(text, before, found) or _told(text, position, sentences)
    if found and position == len(text) and not (signs or words):
        return _unexplained(place(text, position))
    culprit, possible = _culprit(found)
    if not culprit:
        return QueryError(message("The query ends too early."), where=place(text, len(text)))
    return _relative(text, culprit, found) or QueryError(
        message(
            "The query cannot be read from here on: «{found}»", found=culprit.text.split("\n")[0][:_SHOWN]
        ),
        where=place(text, culprit.start),
        hint=message("Here could stand: {expected}", expected=" ".join(possible)) if possible else None,
    )


def _culprit(found: Sequence[Token]) -> tuple[Token | None, list[str]]:
    """The token that the parser stumbles over, None for the end; and the signs that could stand there.

    The parser counts a keyword's letters before it compares them, so where a keyword could stand it points
    too far to the right, often past the culprit. With the tokens set far apart it points between two of them.
    The sign at the end is no SPARQL, so that the text is refused even if setting it apart has healed it.
    """
    starts, end = [], 0
    for token in found:
        starts.append(end)
        end += len(token.text) + len(_APART)
    apart = "".join(f"{token.text}{_APART}" for token in found) + "\0"
    try:
        ox.Store().query(apart)
    except SyntaxError as error:
        match = _ERROR.search(str(error))
        position = _position(apart, int(match[1]), int(match[2])) if match else end
        if position >= end:
            return None, []
        index = bisect_right(starts, position) - 1
        signs = _pieces(match[3])[0] if match and position == starts[index] else []
        return found[index], signs if len(signs) <= _FEW else []
    return None, []


def _relative(text: str, culprit: Token | None, found: Sequence[Token]) -> QueryError | None:
    """That ``culprit`` is a relative IRI, if it is one and there is no BASE for it."""
    if culprit is None or not _IS_RELATIVE.match(culprit.text) or culprit.kind is not Kind.IRI:
        return None
    bases = (one.start for before, one in pairwise(found) if before.is_word("BASE"))
    if any(start < culprit.start for start in bases):
        return None
    return QueryError(
        message(
            "The address {iri} is not whole, and no BASE says where it starts from.",
            iri=culprit.text if len(culprit.text) <= _SHOWN else f"{culprit.text[: _SHOWN - 2]}…>",
        ),
        where=place(text, culprit.start),
        hint=message(
            "Write it whole, from https:// on, or put such a line at the top of the query: {line}",
            line="BASE <https://…/>",
        ),
    )


def _unexplained(where: str) -> QueryError:
    return QueryError(
        message("The query cannot be used, and the engine does not say why."),
        where=where,
        hint=message(
            "Often a variable is given a value twice, by BIND or AS, or used where it has none yet."
        ),
    )


def in_file(error: QueryError, name: str) -> QueryError:
    """The same error, its line and column now those in the file named ``name``."""
    return error.at(f"{name}:{error.where}" if error.where else name)


def _pieces(expected: str) -> tuple[list[str], list[str], list[str]]:
    """The signs, keywords and sentences in a list of what was expected; character classes left out."""
    found: dict[str, list[str]] = {"sign": [], "word": [], "sentence": []}
    for match in _PIECE.finditer(expected):
        if match.lastgroup in found:
            found[match.lastgroup].append(match.group().strip())
    signs = [re.sub(r"\\(.)", r"\1", sign[1:-1]) for sign in found["sign"]]
    return signs, found["word"], found["sentence"]


def _position(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _told(text: str, position: int, sentences: list[str]) -> QueryError:
    """A complaint that the parser itself puts as a sentence."""
    where = place(text, position)
    before = _PREFIX_BEFORE.search(text, 0, position)
    if sentences[0] == "Prefix not found" and before:
        name = before[1]
        line = f"PREFIX {name}: <{PREFIXES.get(name, '…')}>"
        return QueryError(
            message("The prefix «{prefix}:» has not been declared.", prefix=name),
            where=place(text, before.start()),
            hint=message("Put this line at the top of the query, or correct the prefix: {line}", line=line),
        )
    if sentences[0] == "IRI parsing failed":
        return QueryError(
            message("The address before this place is no full IRI."),
            where=where,
            hint=message("Write it whole, from https:// on, or with a prefix."),
        )
    return QueryError(
        message("The query cannot be used: {reason}.", reason=sentences[0].rstrip(".")), where=where
    )
