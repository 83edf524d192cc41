"""Which graphs a query is asked of, in words that every service takes alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bibgraph.sparql import Token, tokens
from bibgraph.sparql.guard import Clauses
from bibgraph.store.remote.contents import NOTHING, UNION, Contents

Graphs = tuple[tuple[str, tuple[str, ...]], ...]
"""Values of the protocol's parameters ``default-graph-uri`` and ``named-graph-uri``."""

_VISIBLE = re.compile(r"\S")


def choose(
    text: str, stated: Clauses, default: Sequence[str], named: Sequence[str], contents: Contents | None
) -> tuple[str, Graphs]:
    """The query's text and the graphs to send with it.

    ``default`` and ``named`` are those asked for beside the query; they replace its FROM clauses, which are
    taken out, since not every service lets itself be overruled. Where the contents are known, every query
    comes with its graphs: what a service does without (none, all, each triple once for every graph) differs.
    """
    if not default and not named:
        if contents is None:
            return text, ()
        default, named = stated.default_graphs, stated.named_graphs
    if contents is None:
        return _without_clauses(text, stated), _graphs(default, named)
    if not default and not named:
        default = (UNION,)
        named = sorted(contents.graphs) if stated.graph else ()
    return _without_clauses(text, stated), _graphs(default or (NOTHING,), named or (NOTHING,))


def _graphs(default: Sequence[str], named: Sequence[str]) -> Graphs:
    # Some services count what is in a graph as often as it is named.
    return ("default-graph-uri", tuple(dict.fromkeys(default))), (
        "named-graph-uri",
        tuple(dict.fromkeys(named)),
    )


def _without_clauses(text: str, stated: Clauses) -> str:
    """The query without FROM and FROM NAMED, with blanks in their place, so that other places stay."""
    if not stated.default_graphs and not stated.named_graphs:
        return text
    for start, end in _clauses(list(tokens(text))):
        text = text[:start] + _VISIBLE.sub(" ", text[start:end]) + text[end:]
    return text


def _clauses(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where each clause begins and ends."""
    for number, token in enumerate(found):
        if token.is_word("FROM"):
            name = found[number + 1 + found[number + 1].is_word("NAMED")]
            yield token.start, name.end
