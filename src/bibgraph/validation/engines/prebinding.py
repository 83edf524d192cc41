"""Queries in shapes with the values that they are run for put in (SHACL, appendix A, pre-binding).

The standard has a variable's value stand in its place wherever it occurs, in each inner group too. Oxigraph
is told values for the outermost group alone, and for a variable in the projection: an ASK, or a FILTER in a
group of its own, would see nothing. So the values are stated anew at the beginning of each group. Blank nodes
cannot be written in a query; the engine is told of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bibgraph.sparql.tokens import Kind, Token, tokens

_REMEMBERED = 256


@dataclass(frozen=True)
class _Plan:
    """What can be put where: the variables' names, where groups begin, and the word ASK, if there is one."""

    names: frozenset[str]
    groups: tuple[int, ...]
    ask: tuple[int, int] | None


@dataclass(frozen=True)
class Prebound:
    """A query that can be asked.

    told: the variables in it that the engine is to be told the values of. asks: whether it was an ASK, and is
    a SELECT now, whose rows mean yes.
    """

    text: str
    told: frozenset[str] = frozenset()
    asks: bool = False


def prebind(text: str, written: Mapping[str, str], told: Collection[str] = ()) -> Prebound:
    """The query with the values of its variables put in.

    written: by the names of variables, their values as SPARQL writes them. told: the names of those whose
    values cannot be written. Raises QueryError for what is no token of SPARQL.
    """
    plan = _plan(text)
    stated = "".join(
        f" VALUES ?{name} {{ {value} }}" for name, value in written.items() if name in plan.names
    )
    names = plan.names.intersection(told)
    asks = plan.ask is not None and bool(names)
    pieces, end = [], 0
    if plan.ask is not None and names:
        start, end = plan.ask
        # Of a variable that is not in the projection the engine is not told.
        pieces += [text[:start], "SELECT ", *(f"?{name} " for name in sorted(names)), "WHERE"]
    for place in plan.groups:
        pieces += [text[end:place], stated]
        end = place
    pieces.append(text[end:])
    return Prebound("".join(pieces), names, asks)


@lru_cache(maxsize=_REMEMBERED)
def _plan(text: str) -> _Plan:
    found = list(tokens(text))
    ask = next((token for token in found if token.is_word("ASK", "SELECT")), None)
    return _Plan(
        frozenset(token.text[1:] for token in found if token.kind is Kind.VARIABLE),
        tuple(_groups(found)),
        (ask.start, ask.end) if ask is not None and ask.is_word("ASK") else None,
    )


def _groups(found: Sequence[Token]) -> list[int]:
    """Where groups begin: after each brace but those around data, and around a query within the query."""
    places = []
    data = False
    for token, after in pairwise(found):
        if token.is_word("VALUES"):
            data = True
        elif token.text == "{" and token.kind is Kind.SIGN:
            if not data and not after.is_word("SELECT"):
                places.append(token.end)
            data = False
    return places
