"""A part of an answer: queries for some of a SELECT's rows, always in the same order, and for their number.

The rows keep the order that the query gives them; what it leaves open is settled by the columns, as texts,
from the first to the last. So parts that follow each other make up the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bibgraph.errors import QueryError
from bibgraph.messages import message
from bibgraph.sparql import Token, place, tokens

_OPENING, _CLOSING = frozenset("{(["), frozenset("})]")
_COUNT = "rows"


@dataclass(frozen=True)
class _Outline:
    """Where the parts of a SELECT query stand in its text.

    select: where it begins, after the prefixes. ordered: whether it has ORDER BY. cut, end: where LIMIT and
    OFFSET stand, or could stand. most, skipped: what they say.
    """

    select: int
    ordered: bool
    cut: int
    end: int
    most: int | None
    skipped: int


def windowed(text: str, columns: Sequence[str], limit: int | None = None, offset: int = 0) -> str:
    """The query for ``limit`` rows (for all, if None) after the first ``offset``, in a settled order.

    columns: the variables that the query projects. A LIMIT and OFFSET of its own are kept to.
    """
    outline = _outline(text)
    # As texts: values of several types have no total order, and Oxigraph's sort gives up on such (it aborts).
    settled = [f"{function}(?{name})" for function in ("STR", "LANG") for name in columns]
    lines = [" ".join(("   " if outline.ordered else "ORDER BY", *settled))]
    left = None if outline.most is None else max(outline.most - offset, 0)
    least = min((number for number in (left, limit) if number is not None), default=None)
    if least is not None:
        lines.append(f"LIMIT {least}")
    if outline.skipped + offset:
        lines.append(f"OFFSET {outline.skipped + offset}")
    return "\n".join((text[: outline.cut].rstrip(" \t\r\n"), *lines, text[outline.end :].lstrip("\r\n")))


def counting(text: str, columns: Sequence[str]) -> str:
    """The query for the number of rows, the one cell of its answer. columns: as for ``windowed``."""
    name = _COUNT
    while name in columns:
        name += "_"
    start = _outline(text).select
    return f"{text[:start]}SELECT (COUNT(*) AS ?{name})\nWHERE {{\n{{\n{text[start:]}\n}}\n}}\n"


def refuse_from(text: str) -> None:
    """Raise QueryError for a query with FROM, which cannot be counted as a part of another one."""
    depth = 0
    for token in tokens(text):
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if not depth and token.is_word("FROM"):
            raise QueryError(
                message("A ready question asks all graphs and has no FROM."),
                where=place(text, token.start),
                hint=message("Name the graph inside the query: GRAPH <address> { … }"),
            )


def _outline(text: str) -> _Outline:
    top = _outermost(text)
    select = next(token.start for token in top if token.is_word("SELECT"))
    body = next(number for number, token in enumerate(top) if token.text == "}")
    after = top[body + 1 :]
    values = next((number for number, token in enumerate(after) if token.is_word("VALUES")), len(after))
    end = after[values].start if values < len(after) else len(text)
    modifiers = after[:values]
    numbers = {
        word.text.upper(): int(number.text)
        for word, number in pairwise(modifiers)
        if word.is_word("LIMIT", "OFFSET")
    }
    cut = next((token.start for token in modifiers if token.is_word("LIMIT", "OFFSET")), end)
    ordered = any(token.is_word("ORDER") for token in modifiers)
    return _Outline(select, ordered, cut, end, numbers.get("LIMIT"), numbers.get("OFFSET", 0))


def _outermost(text: str) -> list[Token]:
    """The tokens outside of all brackets, and the outermost brackets themselves."""
    found, depth = [], 0
    for token in tokens(text):
        depth -= token.text in _CLOSING
        if not depth:
            found.append(token)
        depth += token.text in _OPENING
    return found
