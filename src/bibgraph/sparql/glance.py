"""A quick look at the letters of a query, by which most of them pass without the whole check of ``guard``."""

from __future__ import annotations

import re

from bibgraph.sparql.guard import DEEPEST, LONGEST, MOST_TOKENS

_BYTES_OF_ONE = 4
"""So many bytes a character has in UTF-8 at most."""
_ADDRESS = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")
_ENDS_WITH_HOST = re.compile(r"//[^/?#>\s]*>")
_NAME_BEFORE = re.compile(r"(?:[?$][a-z0-9_]*|:(?:[a-z0-9_][a-z0-9_-]*)?)\Z")
_LONGEST_BEFORE = 60
_COMMENT_BEFORE = re.compile(r"[ \t]*#[^\r\n]*")
_QUOTES = ("'", '"')


def harmless(text: str, longest: int = LONGEST, deepest: int = DEEPEST) -> bool:
    """Whether the letters show that ``guard.check`` has nothing against ``text``, and FROM is not in it.

    What this lets through is a part of what that lets through, for a hundredth of the time, and the
    engine's parser, which takes no updates, does the rest. Most queries are harmless.
    """
    if (
        len(text) > min(MOST_TOKENS, longest // _BYTES_OF_ONE)
        or "\\" in text
        or not (text.isascii() or _is_utf8(text))
    ):
        return False
    letters = text.lower()
    brackets = text.count("{") + text.count("(") + text.count("[")
    return brackets <= deepest and not _may_stand("service", letters) and not _may_stand("from", letters)


def names_no_graph(text: str) -> bool:
    """Whether a look at the letters of a ``harmless`` text shows that GRAPH is not in it as a keyword.

    Addresses are left out: the keyword is followed by one, a name or a variable, and a bracket, which none
    can hold, so that it never stands in what reads as one.
    """
    letters = text.lower()
    return "graph" not in letters or not _may_stand("graph", _ADDRESS.sub("<>", letters))


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
            or _NAME_BEFORE.search(letters, max(0, start - _LONGEST_BEFORE), start)
            or _COMMENT_BEFORE.fullmatch(letters, letters.rfind("\n", 0, start) + 1, start)
        ):
            return True
        start = letters.find(keyword, end)
    return '"""' in letters or "'''" in letters or bool(_ENDS_WITH_HOST.search(letters))


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
