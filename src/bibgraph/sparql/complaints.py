"""What Oxigraph's SPARQL parser complains of, in words that help.

The parser says where it could get no further and what it would have taken there, as pieces of its grammar:
``error at 2:12: expected one of Prefix not found, ['%'], "}"``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, reduce
from itertools import pairwise

import pyoxigraph as ox

from bibgraph.errors import QueryError
from bibgraph.messages import Message, message
from bibgraph.namespaces import PREFIXES
from bibgraph.sparql.tokens import Kind, Token, place, tokens
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
_IS_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^\\]*>")
_SHOWN = 30
_FEW = 8
_LONG = 20_000
_APART = " " * 20
_LONGEST_WORD = max(map(len, WORDS))
"""Letters after which no other keyword comes; after «<», as of an address, more and more could follow."""
_KINDS = (
    ("$", "$ ?", message("a variable")),
    ("&&", "= != < <= > >= && || + - * /", message("an operator such as =")),
    ("< :", "< :", message("an address (in < > or with a prefix)")),
    (":", ":", message("a prefix with its colon")),
    ("<", "<", message("an address in < >")),
    ('"', "\" ' \"\"\" '''", message("a text")),
    ("['0'..='9']", "['0'..='9'] + - .", message("a number")),
)
"""Signs that together begin something, those that then need no naming, and what people call the thing."""
_RARE = {"<<", "<<(", "{|", "~"}
_REFUSED = {"SERVICE"}
"""What the engine would take, and nobody may ask."""
_AFTER_ALL = (("{", "{"), ("(", "("), ("$", "?x"), ("<:", "<x:x>"))
"""The signs that can follow on what is a whole query already, and how to try them."""


def complaint(error: SyntaxError, text: str) -> QueryError:
    """The parser's ``error`` about ``text`` as ours: line and column, what stands there, what could stand."""
    read = _read(error, text)
    if not read:
        return QueryError(message("The query cannot be read: {reason}.", reason=str(error).rstrip(".")))
    position, pieces = read
    try:
        found = list(tokens(text))
    except QueryError as plainer:
        return plainer
    if sentences := pieces["sentence"]:
        before = next((token for token in found if token.end == position), None)
        return _relative(text, before, found) or _told(text, position, before, sentences[0])
    culprit = _culprit(found)
    at_end = bool(found) and position == len(text) and not (pieces["sign"] or pieces["word"])
    signs, words = _possible(text, [token for token in found if not culprit or token.start < culprit.start])
    # Where OPTIONAL can stand a group can end: if it cannot, it is no sign that is wrong but what it says.
    if at_end if not culprit else culprit.text == "}" and "OPTIONAL" in words:
        return _unexplained(place(text, position if at_end or not culprit else culprit.start))
    if not culprit:
        return _too_early(text, found, signs, words)
    return _stuck(text, culprit, found, signs, words)


def _opened(text: str, found: Sequence[Token]) -> Token | None:
    """The sign that the parser takes for the beginning of an address: no operator could stand there."""
    signs = [token for token in found if token.kind is Kind.SIGN and token.text.startswith("<")]
    for token in signs[:_FEW]:
        _, pieces = _failure(text[: token.start] + _APART)
        if "<=" not in pieces["sign"]:
            return token
    return None


def _too_early(text: str, found: Sequence[Token], signs: set[str], words: set[str]) -> QueryError:
    opened = _opened(text, found) if signs == {">"} else None
    if opened is None:
        where, hint = place(text, len(text)), _hint(signs, words)
        return QueryError(message("The query ends too early."), where=where, hint=hint)
    return QueryError(
        message("With this «<» an address begins, and no «>» ends it."),
        where=place(text, opened.start),
        hint=message("An address ends with >; less than or equal is written <=."),
    )


def _stuck(text: str, culprit: Token, found: Sequence[Token], signs: set[str], words: set[str]) -> QueryError:
    if culprit.kind is Kind.NAME and signs >= {"<", ":"}:
        declared = {name.text for before, name in pairwise(found) if before.is_word("PREFIX")}
        if culprit.text.partition(":")[0] + ":" not in declared:
            return _undeclared(text, culprit)
    shown = culprit.text.partition("\n")[0][:_SHOWN]
    return _relative(text, culprit, found) or QueryError(
        message("The query cannot be read from here on: «{found}»", found=shown),
        where=place(text, culprit.start),
        hint=_hint(signs, words) if culprit.text not in signs - {"."} else None,
    )


def misread(text: str) -> QueryError | None:
    """What cannot be read in a text that another engine has refused; None if nothing is found.

    Ours reads it, and asks nothing. What it would be slow to read is not looked at.
    """
    error = _syntax_error(text) if _is_read_quickly(text) else None
    return complaint(error, text) if error else None


def _is_read_quickly(text: str) -> bool:
    """Whether a text can be read again and again: each «!» in brackets doubles the parser's time."""
    return len(text) < _LONG and text.count("!") < _FEW


def _read(error: SyntaxError, text: str) -> tuple[int, dict[str, list[str]]] | None:
    """Where in ``text`` the parser got no further, and the pieces it expected there."""
    match = _ERROR.search(str(error))
    return (_position(text, int(match[1]), int(match[2])), _pieces(match[3])) if match else None


def _failure(text: str) -> tuple[int, dict[str, list[str]]]:
    """Where the parser gets no further, and what it expects; -1 and nothing for what is a whole query."""
    error = _syntax_error(text)
    return (_read(error, text) if error else None) or (-1, _pieces(""))


def _syntax_error(text: str) -> SyntaxError | None:
    """What the parser says of a text; None for what is a whole query."""
    try:
        # Asked for two default graphs at once, the engine reads a query and then refuses to answer it.
        ox.Store().query(text, use_default_graph_as_union=True, default_graph=[ox.DefaultGraph()])
    except SyntaxError as error:
        return error
    except ValueError:
        return None
    return None


def _culprit(found: Sequence[Token]) -> Token | None:
    """The token that the parser stumbles over, None for the end.

    The parser counts a keyword's letters before it compares them, so where a keyword could stand it points
    too far to the right, often past the culprit. With the tokens set far apart it points between two of them.
    The sign at the end is no SPARQL, so that the text is refused even if setting it apart has healed it.
    """
    starts, end = [], 0
    for token in found:
        starts.append(end)
        end += len(token.text) + len(_APART)
    position, _ = _failure("".join(f"{token.text}{_APART}" for token in found) + "\0")
    return found[bisect_right(starts, position) - 1] if 0 <= position < end else None


def _possible(text: str, before: Sequence[Token]) -> tuple[set[str], set[str]]:
    """The signs and the keywords that can stand after the tokens ``before`` of ``text``.

    At the end of a text the parser names all signs; a keyword it names if as many letters as it has follow.
    """
    head = (text[: before[-1].end] if before else "") + _APART
    position, pieces = _failure(head)
    if 0 <= position < len(head):
        return set(), set()
    signs, words = {*pieces["sign"], *pieces["digit"]}, set[str]()
    if position < 0:
        for kind, trial in _AFTER_ALL:
            if _failure(f"{head}{trial}{_APART}\0")[0] >= len(head) + len(_APART):
                signs.update(kind)
    letters, more = 0, position < 0 or pieces["end"]
    while more and letters < _LONGEST_WORD and _is_read_quickly(head):
        letters += 1
        position, pieces = _failure(head + "\0" * letters)
        more = pieces["end"] if position == len(head) + letters else []
        words.update(pieces["word"] if position == len(head) + letters else ())
    return signs, {word.upper() for word in words}


@cache
def _functions() -> frozenset[str]:
    """The names of the engine's functions."""
    before = list(tokens("ASK { FILTER }"))[:-1]
    return frozenset(_possible("ASK { FILTER", before)[1] - {"NOT", "EXISTS"})


def _hint(signs: set[str], words: set[str]) -> Message | None:
    """What can stand at a place, summed up for people."""
    left, words = signs - _RARE, words - _REFUSED
    kinds: list[Message | str] = []
    for begins, covered, kind in _KINDS:
        if left.issuperset(begins.split()):
            left -= set(covered.split())
            kinds.append(kind)
    if len(words & _functions()) > _FEW:
        words = words - _functions()
        kinds.append(message("a function such as STR"))
    listed = [" ".join(sorted(some)) for some in (left, words) if some]
    kinds.extend(message("one of {signs}", signs=some) if " " in some else some for some in listed)
    if len(kinds) > 1:
        last = kinds.pop()
        before = reduce(lambda one, other: message("{some}, {next}", some=one, next=other), kinds)
        kinds = [message("{some} or {last}", some=before, last=last)]
    return message("Here could stand: {expected}", expected=kinds[0]) if kinds else None


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


def _pieces(expected: str) -> dict[str, list[str]]:
    """What was expected, by kind: signs, keywords (word), sentences, a digit, and whether anything (end)."""
    found: dict[str, list[str]] = {"sign": [], "word": [], "sentence": [], "digit": [], "end": []}
    for match in _PIECE.finditer(expected):
        if match.lastgroup:
            found[match.lastgroup].append(match.group().strip())
    found["sign"] = [re.sub(r"\\(.)", r"\1", sign[1:-1]) for sign in found["sign"]]
    return found


def _position(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _told(text: str, position: int, before: Token | None, sentence: str) -> QueryError:
    """A complaint that the parser itself puts as a sentence."""
    where = place(text, position)
    if sentence == "Prefix not found" and before and before.kind is Kind.NAME:
        return _undeclared(text, before)
    if sentence == "IRI parsing failed":
        return QueryError(
            message("The address before this place is no full IRI."),
            where=where,
            hint=message("Write it whole, from https:// on, or with a prefix."),
        )
    return QueryError(
        message("The query cannot be used: {reason}.", reason=sentence.rstrip(".")), where=where
    )


def _undeclared(text: str, name: Token) -> QueryError:
    prefix = name.text.partition(":")[0]
    line = f"PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"
    return QueryError(
        message("The prefix «{prefix}:» has not been declared.", prefix=prefix),
        where=place(text, name.start),
        hint=message("Put this line at the top of the query, or correct the prefix: {line}", line=line),
    )
