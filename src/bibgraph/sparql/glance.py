"""A quick look at the letters of a query, by which most of them pass without the whole check of ``guard``."""

from __future__ import annotations

import re

from bibgraph.sparql.guard import DEEPEST, LONGEST, MOST_TOKENS

_BYTES_OF_ONE = 4
"""So many bytes a character has in UTF-8 at most."""
_SHORTEST = 4
"""Letters of the shortest words that can stand one after another with nothing between: ``true`` in a list."""
_ADDRESS = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")
_ENDS_WITH_HOST = re.compile(r"//[^/?#>\s]*>")
_NAME_BEFORE = re.compile(r"[a-z0-9_]*[?$]|(?:[a-z0-9_-]*[a-z0-9_])?:")
"""The beginning of a variable, or the colon and the beginning of a name, from its end backwards."""
_LONGEST_BEFORE = 60
_COMMENT_BEFORE = re.compile(r"[ \t]*#[^\r\n]*")
_QUOTES = ("'", '"')
_HIDES = re.compile(b"[\"'#<]")
_BRACKETS = bytes.maketrans(b"{[}]", b"(())")
_ASCII = 128
_PROLOGUE = r"(?:\s++|#[^\r\n]*+[\r\n]|(?:prefix\s++[^\s<#]*+\s*+|base\s*+)<[^<>]*+>)*+"
_ASKS_FOR_SET = re.compile(rf"{_PROLOGUE}(?:ask\b(?!.*offset)|select\s++distinct\b)", re.DOTALL)
_OF_EACH = ("count", "sum", "avg", "min", "max", "sample", "group_concat", "rand", "uuid", "bnode")
"""Ends of the names of functions for which it counts how often a solution comes."""


def _kind(byte: int) -> str:
    """Of a byte in UTF-8: letter, digit, white space or sign."""
    letter = chr(byte)
    if byte >= _ASCII or letter.isalpha():
        return "a"
    return "0" if letter.isdigit() else " " if letter <= " " else "."


_KINDS = "".join(map(_kind, range(256))).encode()
_BEGINNINGS = (b" a", b".a", b"0a", b" 0", b".0", b"a0")


def harmless(text: str, longest: int = LONGEST, deepest: int = DEEPEST) -> bool:
    """Whether the letters show that ``guard.check`` has nothing against ``text``, and FROM is not in it.

    What this lets through is a part of what that lets through, for a hundredth of the time, and the
    engine's parser, which takes no updates, does the rest. Most queries are harmless.
    """
    if (
        len(text) > min(MOST_TOKENS * _SHORTEST, longest // _BYTES_OF_ONE)
        or "\\" in text
        or not (text.isascii() or _is_utf8(text))
        or (len(text) > MOST_TOKENS and _pieces(text) > MOST_TOKENS)
    ):
        return False
    letters = text.lower()
    return (
        _depth(text, deepest) <= deepest
        and not _may_stand("service", letters)
        and not _may_stand("from", letters)
    )


def names_no_graph(text: str) -> bool:
    """Whether a look at the letters of a ``harmless`` text shows that GRAPH is not in it as a keyword.

    Addresses are left out: the keyword is followed by one, a name or a variable, and a bracket, which none
    can hold, so that it never stands in what reads as one.
    """
    letters = text.lower()
    return "graph" not in letters or not _may_stand("graph", _ADDRESS.sub("<>", letters))


def asks_for_set(text: str) -> bool:
    """Whether a look at the letters of a ``harmless`` text shows that how often a solution comes is all one.

    So it is for ASK and SELECT DISTINCT in which nothing is counted, taken a part of, or made anew each time.
    """
    letters = text.lower()
    begins = _ASKS_FOR_SET.match(letters)
    before_brackets = letters.replace("#", "(").split("(")[:-1]  # with a comment between, too
    return (
        begins is not None
        and "select" not in letters[begins.end() :]
        and not any(piece.rstrip().endswith(_OF_EACH) for piece in before_brackets)
    )


def _pieces(text: str) -> int:
    """How many signs, and runs of letters and of digits, there are.

    Each token begins one, but for words of ``_SHORTEST`` letters or more that have nothing between them.
    """
    kinds = b" " + text.encode().translate(_KINDS)
    return kinds.count(b".") + sum(map(kinds.count, _BEGINNINGS))


def _depth(text: str, enough: int) -> int:
    """How many brackets may be open at one time at most, if it comes to more than ``enough``.

    One that closes counts only in lines in which no text, comment or address can hide it.
    """
    opened = text.count("(") + text.count("{") + text.count("[")
    if opened <= enough or _has_long_text(text):
        return opened
    most = depth = 0
    for line in text.encode().translate(_BRACKETS).split(b"\n"):
        depth += line.count(b"(")
        most = max(most, depth)
        if not _HIDES.search(line):
            depth = max(0, depth - line.count(b")"))
    return most


def _may_stand(keyword: str, letters: str) -> bool:
    """Whether a keyword may be in a text; both are in small letters.

    It cannot begin in a variable, after the colon of a name, or in a line of comment, nor end before a
    quotation mark: none of these three is followed by a text. But in two cases what seems to be such a place
    is none. ``x:service`` may be no IRI, and so ``x:`` and the keyword to Oxigraph, if ``x:`` is an address
    that ends with its host; and what seems to begin a line of comment may stand in a text of several lines,
    and that may end before the line.
    """
    start = letters.find(keyword)
    if start < 0:
        return False
    while start >= 0:
        end = start + len(keyword)
        if not (
            letters.startswith(_QUOTES, end)
            or _NAME_BEFORE.match(letters[max(0, start - _LONGEST_BEFORE) : start][::-1])
            or _COMMENT_BEFORE.fullmatch(letters, letters.rfind("\n", 0, start) + 1, start)
        ):
            return True
        start = letters.find(keyword, end)
    return _has_long_text(letters) or bool(_ENDS_WITH_HOST.search(letters))


def _has_long_text(text: str) -> bool:
    return '"""' in text or "'''" in text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
