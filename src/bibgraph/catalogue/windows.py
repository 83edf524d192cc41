"""A part of an answer: queries for some of a SELECT's rows, always in the same order, and for their number.

The rows keep the order that the query gives them; what it leaves open is settled by the columns, as texts,
from the first to the last, or of groups by what they are grouped by. So parts that follow each other make up
the whole, in the same order on every engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from bibgraph.errors import QueryError
from bibgraph.messages import message
from bibgraph.sparql import Kind, Token, place, tokens

_OPENING, _CLOSING = frozenset("{(["), frozenset("})]")
_COUNT = "rows"
_ALL = 1_000_000_000
_BETWEEN = ', "\\n", '
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_AFTER_GROUPS = ("HAVING", "ORDER", "LIMIT", "OFFSET")


@dataclass(frozen=True)
class _Outline:
    """Where the parts of a SELECT query stand in its text.

    select: where it begins, after the prefixes. groups: the variables that tell the rows of an aggregate from
    each other; None for one without aggregates, or that groups by expressions. ordered: whether it has ORDER
    BY. cut, end: where LIMIT and OFFSET stand, or could stand. most, skipped: what they say.
    """

    select: int
    groups: tuple[str, ...] | None
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
    settled = _settled(columns if outline.groups is None else outline.groups)
    lines = [f"   {settled}" if outline.ordered else f"ORDER BY{settled}"] if settled else []
    whole = "\n".join((text[: outline.cut].rstrip(" \t\r\n"), *lines, text[outline.end :].lstrip("\r\n")))
    skipped = outline.skipped + offset
    if outline.most is None and limit is None and not skipped:
        return whole
    left = _ALL if outline.most is None else max(outline.most - offset, 0)
    least = left if limit is None else min(left, limit)
    # Around the whole, and with a LIMIT always: Virtuoso takes no OFFSET alone, and where the same SELECT has
    # ORDER BY and LIMIT it sorts what is unbound last, and 10 000 rows at most. That the rows of a SELECT
    # within keep their order is no rule of SPARQL; the tests hold every engine to it.
    names, inner = " ".join(f"?{name}" for name in columns), whole[outline.select :].rstrip("\r\n")
    head = f"{text[: outline.select]}SELECT {names}\nWHERE {{\n{{\n{inner}\n}}\n}}"
    return "\n".join((head, f"LIMIT {least}", *([f"OFFSET {skipped}"] if skipped else []), ""))


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


def _settled(names: Sequence[str]) -> str:
    """One key out of variables as texts, then their languages; what is unbound comes first.

    Texts, for values of several types have no total order, and Oxigraph's sort gives up on such (it aborts).
    One, for Virtuoso sorts by twenty at most.
    """
    texts = [f'COALESCE(CONCAT(" ", STR(?{name})), "")' for name in names]
    languages = [f'COALESCE(LANG(?{name}), "")' for name in names]
    return f" CONCAT({_BETWEEN.join((*texts, *languages))})" if names else ""


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
    head = text[select : next(token.start for token in top if token.text == "{")]
    groups = _groups(modifiers) or (() if _is_aggregate(head, modifiers) else None)
    return _Outline(select, groups, ordered, cut, end, numbers.get("LIMIT"), numbers.get("OFFSET", 0))


def _groups(modifiers: Sequence[Token]) -> tuple[str, ...]:
    """The variables after GROUP BY; none if there is anything but variables."""
    start = next((number for number, word in enumerate(modifiers) if word.is_word("GROUP")), len(modifiers))
    conditions = list(takewhile(lambda token: not token.is_word(*_AFTER_GROUPS), modifiers[start + 2 :]))
    variables = tuple(token.text[1:] for token in conditions if token.kind is Kind.VARIABLE)
    return variables if len(variables) == len(conditions) else ()


def _is_aggregate(head: str, modifiers: Sequence[Token]) -> bool:
    """Whether the answer is one row that sums up all."""
    grouped = any(token.is_word("GROUP") for token in modifiers)
    return not grouped and any(token.is_word(*_AGGREGATES) for token in tokens(head))


def _outermost(text: str) -> list[Token]:
    """The tokens outside of all brackets, and the outermost brackets themselves."""
    found, depth = [], 0
    for token in tokens(text):
        depth -= token.text in _CLOSING
        if not depth:
            found.append(token)
        depth += token.text in _OPENING
    return found
