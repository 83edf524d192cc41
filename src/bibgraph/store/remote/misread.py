"""Where a query that a service refused cannot be read: found here, so that nothing it says is passed on."""

from __future__ import annotations

import pyoxigraph as ox

from bibgraph.errors import QueryError
from bibgraph.sparql.complaints import complaint

_LONGEST = 20_000
_MOST_NOTS = 8
"""In FILTER each «!» before a bracket doubles the time of the parser, which nobody ends here."""


def tell_place(error: QueryError, text: str) -> None:
    """Have ``error`` tell strangers by line and column what cannot be read in ``text``, if that is it.

    The parser of the engine that we hold ourselves reads the text, and asks nothing.
    """
    found = _misread(text) if type(error) is QueryError and error.outside else None
    if found:
        error.but_outside(found)


def _misread(text: str) -> QueryError | None:
    if len(text) > _LONGEST or text.count("!") > _MOST_NOTS:
        return None
    try:
        # Asked for two default graphs at once, the engine reads a query and then refuses to answer it.
        ox.Store().query(text, use_default_graph_as_union=True, default_graph=[ox.DefaultGraph()])
    except SyntaxError as error:
        return complaint(error, text)
    except ValueError:
        return None
    return None
