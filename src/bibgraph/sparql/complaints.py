"""What is wrong with a query that cannot be read, in words that help: where, and what could stand there.

What the engine's parser says of it is asked for in ``probing``; what it does not say is found in ``scopes``.
Of addresses and prefixes ``addresses`` tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bibgraph.errors import QueryError
from bibgraph.messages import Message, message
from bibgraph.sparql.addresses import no_address, relative, undeclared, without_end
from bibgraph.sparql.phrases import both, could_stand, listed
from bibgraph.sparql.probing import (
    STICKY,
    failure,
    is_read_quickly,
    position_of,
    possible,
    read,
    stumbled_over,
    syntax_error,
    without_labels,
)
from bibgraph.sparql.scopes import Scopes
from bibgraph.sparql.tokens import Kind, Token, place, tokens
from bibgraph.sparql.words import WORDS
from bibgraph.suggestions import nearest

_OF_A_CLAUSE = re.compile(r"SELECT|VALUES|Duplicated")
_SHOWN = 30
_FEW = 8
_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "{|": "|}"}


def complaint(error: SyntaxError, text: str) -> QueryError:
    """The parser's ``error`` about ``text`` as ours: line and column, what stands there, what could stand."""
    said = read(error, text)
    if not said:
        return QueryError(message("The query cannot be read: {reason}.", reason=str(error).rstrip(".")))
    position, pieces = said
    try:
        found = list(tokens(text))
    except QueryError as plainer:
        return foreseen(plainer, text)
    if pieces["sentence"]:
        before = next((token for token in found if token.end == position), None)
        return relative(text, before, found) or _told(text, position, found, pieces["sentence"])
    if any(token.kind is Kind.BLANK for token in found):
        _, pieces = failure(without_labels(text, found))
    if culprit := stumbled_over(found):
        return _stuck(text, culprit, found)
    if found and position == len(text) and not (pieces["sign"] or pieces["word"]):
        return Scopes(text, found, whole=True).fault() or _unexplained(place(text, position))
    return _too_early(text, found)


def foreseen(error: QueryError, text: str) -> QueryError:
    """What is said of ``text`` before it is parsed, ``error``, with what could stand there.

    Meant are words and signs that are none of SPARQL's and brackets that do not pair; what is forbidden, and
    limits, are given back as they are. If the parser gets stuck before that place, it is this that is told.
    """
    found, stop, word = _readable(text)
    if type(error) is not QueryError:
        return error
    culprit = stumbled_over(found) if is_read_quickly(text[:stop]) else None
    return _stuck(text, culprit, found) if culprit else _stopped(error, text, found, stop, word)


def misread(text: str) -> QueryError | None:
    """What cannot be read in a text that another engine has refused; None if nothing is found.

    Ours reads it, and asks nothing. What it would be slow to read is not looked at.
    """
    error = syntax_error(text) if is_read_quickly(text) else None
    return complaint(error, text) if error else None


def in_file(error: QueryError, name: str) -> QueryError:
    """The same error, its line and column now those in the file named ``name``."""
    return error.at(f"{name}:{error.where}" if error.where else name)


def _readable(text: str) -> tuple[list[Token], int, str]:
    """The tokens before the first that is none, where it is, and the word there that SPARQL lacks."""
    found: list[Token] = []
    try:
        for token in tokens(text):
            if token.kind is Kind.WORD and token.text.upper() not in WORDS:
                return found, token.start, token.text
            found.append(token)
    except QueryError as error:
        stop = position_of(text, *map(int, error.where.split(":")))
        return found, stop if not found or stop >= found[-1].end else len(text), ""
    return found, len(text), ""


def _stopped(error: QueryError, text: str, found: Sequence[Token], stop: int, word: str) -> QueryError:
    """The ``error`` at the place ``stop``, up to which all can be read, with what could stand there."""
    quick = is_read_quickly(text[:stop])
    signs, words, whole = possible(text, found) if quick else (set[str](), set[str](), False)
    if signs == {">"} and (opened := _opened(text, found)):
        return without_end(text, opened)
    if text[stop : stop + 1] in ("'", '"') and '"' in signs:
        return error
    if word:
        near = ", ".join(nearest(word, words if quick else WORDS))
        hint = message("Did you mean {near}?", near=near) if near else None
        return QueryError(error.problem, where=error.where, hint=both(hint, _hint(signs, words, whole=whole)))
    if stop < len(text):
        return QueryError(
            error.problem, where=error.where, hint=both(error.hint, _hint(signs, words, whole=whole))
        )
    start = position_of(text, *map(int, error.where.split(":")))
    opened = next((token for token in found if token.start == start and token.text in _CLOSED_BY), None)
    if opened:
        return QueryError(error.problem, where=error.where, hint=_to_close(opened, signs, words))
    return QueryError(error.problem, where=place(text, stop), hint=could_stand(signs, words))


def _to_close(opened: Token, signs: set[str], words: set[str]) -> Message | None:
    closing = message("It ends with «{bracket}».", bracket=_CLOSED_BY[opened.text])
    expected = listed(signs, words)
    return both(
        closing,
        message("At the end of the query could stand: {expected}", expected=expected) if expected else None,
    )


def _hint(signs: set[str], words: set[str], *, whole: bool) -> Message | None:
    """What could stand at a place, if anything; whole: what stands before it is a query."""
    return could_stand(signs, words) or (message("Here the query could only end.") if whole else None)


def _too_early(text: str, found: Sequence[Token]) -> QueryError:
    signs, words, _ = possible(text, found)
    opened = _opened(text, found) if signs == {">"} else None
    if opened is None:
        where, hint = place(text, len(text)), could_stand(signs, words)
        return QueryError(message("The query ends too early."), where=where, hint=hint)
    return without_end(text, opened)


def _opened(text: str, found: Sequence[Token]) -> Token | None:
    """The sign that the parser takes for the beginning of an address: no operator could stand there."""
    signs = [index for index, token in enumerate(found) if token.kind is Kind.SIGN and token.text[0] == "<"]
    for index in signs[:_FEW]:
        head = without_labels(text[: found[index].start], found[:index])
        _, pieces = failure(f"{head} ")
        if "<=" not in pieces["sign"]:
            return found[index]
    return None


def _stuck(text: str, culprit: Token, found: Sequence[Token]) -> QueryError:
    """What is wrong with ``culprit``, over which the parser stumbles, or with what it ends."""
    before = [token for token in found if token.start < culprit.start]
    signs, words, whole = possible(text, before)
    return (
        _unpaired(text, culprit, before, signs, words)
        or _misspelt(text, culprit, found, signs, words)
        or relative(text, culprit, found)
        or QueryError(
            _from_here(culprit),
            where=place(text, culprit.start),
            hint=_hint(signs, words, whole=whole) if culprit.text not in signs - {"."} else None,
        )
    )


def _from_here(culprit: Token) -> Message:
    shown = culprit.text.partition("\n")[0][:_SHOWN]
    return message("The query cannot be read from here on: «{found}»", found=shown)


def _unpaired(
    text: str, culprit: Token, before: Sequence[Token], signs: set[str], words: set[str]
) -> QueryError | None:
    """What is wrong where it is no sign that is wrong, but what has been said before it."""
    scopes = Scopes(text, [*before, culprit], whole=False)
    if culprit.kind is Kind.BLANK:
        return scopes.label() if "_:" in signs else None
    if culprit.text == ")" and ")" in signs:
        return scopes.aggregate()
    if culprit.text != "}":
        return None
    # Where OPTIONAL can stand a group can end.
    return scopes.fault() or (_unexplained(place(text, culprit.start)) if "OPTIONAL" in words else None)


def _misspelt(
    text: str, culprit: Token, found: Sequence[Token], signs: set[str], words: set[str]
) -> QueryError | None:
    """What is wrong with a name, an address, a language or the like where one could stand."""
    if culprit.kind is Kind.NAME and signs >= {"<", ":"}:
        declared = {name.text for before, name in pairwise(found) if before.is_word("PREFIX")}
        if culprit.text.partition(":")[0] + ":" not in declared:
            return undeclared(text, culprit)
    if culprit.kind is Kind.SIGN and culprit.text[0] == "<" and "<" in signs and "<=" not in signs:
        return without_end(text, culprit)
    hint = None
    if culprit.text == "?" and "?" in signs:
        hint = message("At once after «?» the name of a variable has to come.")
    elif culprit.is_word(*STICKY) and culprit.text.upper() in words:
        hint = message("At once after {word} its bracket has to come.", word=culprit.text)
    if hint:
        return QueryError(_from_here(culprit), where=place(text, culprit.start), hint=hint)
    if culprit.kind is Kind.LANGUAGE and "@" in signs:
        return QueryError(
            message("«{found}» is no language.", found=culprit.text[:_SHOWN]),
            where=place(text, culprit.start),
            hint=message(
                "A language is written as in @nb or @en-GB, with eight letters at most in each part."
            ),
        )
    return None


def _unexplained(where: str) -> QueryError:
    return QueryError(
        message("The query cannot be used, and the engine does not say why."),
        where=where,
        hint=message(
            "Often a variable is given a value twice, by BIND or AS, or used where it has none yet."
        ),
    )


def _told(text: str, position: int, found: Sequence[Token], sentences: Sequence[str]) -> QueryError:
    """A complaint that the parser itself puts as a sentence."""
    if any(map(_OF_A_CLAUSE.search, sentences)) and (fault := Scopes(text, found, whole=True).fault()):
        return fault
    before = next((token for token in found if token.end == position), None)
    sentence = sentences[0]
    if sentence == "Prefix not found" and before and before.kind is Kind.NAME:
        return undeclared(text, before)
    if sentence.startswith("IRI"):
        return no_address(text, position, found)
    if "non negative integer" in sentence and before:
        return QueryError(
            message("The number {number} is too large.", number=before.text[:_SHOWN]),
            where=place(text, before.start),
        )
    return QueryError(
        message("The query cannot be used: {reason}.", reason=sentence.rstrip(".")),
        where=place(text, position),
    )
