"""Rows of an answer as plain texts, for code that wants no terms."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

Row = dict[str, str]


def rows(answer: object) -> Iterator[Row]:
    """The rows of a SELECT as texts by variable, empty where a variable is unbound.

    Raises TypeError for the answer to another form of query.
    """
    if not isinstance(answer, ox.QuerySolutions):
        raise TypeError("a query whose rows are wanted is no SELECT")
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        terms = {name: solution[name] for name in names}
        yield {
            name: term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
            for name, term in terms.items()
        }
