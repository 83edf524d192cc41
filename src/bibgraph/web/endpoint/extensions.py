"""What an engine can do beyond SPARQL 1.1, as the Service Description tells of it: each is tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.errors import LimitError, QueryError, StoreError, StoreTimeout, Unavailable
from bibgraph.messages import Message, message
from bibgraph.store import SparqlStore

_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Extension:
    """Something that queries can say. name: of its own. told: what it is. by: where it is described.

    trial: a query that says yes where it works.
    """

    name: str
    told: Message
    by: str
    trial: str


_LANGUAGE = (
    Extension(
        "triple-terms",
        message("Triples as terms, with the functions for them, as in SPARQL 1.2."),
        "https://www.w3.org/TR/sparql12-query/",
        "ASK { VALUES ?term { <<( <urn:a> <urn:b> 1 )>> } FILTER (isTRIPLE(?term) && OBJECT(?term) = 1) }",
    ),
    Extension(
        "lateral",
        message("LATERAL: a pattern that is asked anew for each solution of what stands before it."),
        "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md",
        "ASK { VALUES ?one { 1 } LATERAL { BIND (?one + 1 AS ?two) } FILTER (?two = 2) }",
    ),
    Extension(
        "durations",
        message("Sums and differences of times and durations, and ADJUST to another time zone."),
        "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md",
        f'ASK {{ BIND ("2030-01-02T00:00:00Z"^^<{_XSD}dateTime> AS ?later) '
        f'BIND (?later - "P1D"^^<{_XSD}dayTimeDuration> AS ?time) '
        f'FILTER (STR(ADJUST(?time, "PT1H"^^<{_XSD}dayTimeDuration>)) = "2030-01-01T01:00:00+01:00") }}',
    ),
)
_FUNCTIONS = {
    "date": "2030-01-01",
    "time": "10:00:00",
    "duration": "P1Y2D",
    "dayTimeDuration": "P1D",
    "yearMonthDuration": "P1Y",
    "gYear": "2030",
    "gYearMonth": "2030-01",
    "gMonth": "--01",
    "gMonthDay": "--01-31",
    "gDay": "---31",
}
"""Data types by which SPARQL 1.1 has no function, and a value of each."""


def languages(store: SparqlStore) -> Iterator[Extension]:
    """What the queries of a store can say beyond the standard. Raises what the store raises."""
    return (each for each in _LANGUAGE if _works(store, each.trial))


def functions(store: SparqlStore) -> Iterator[str]:
    """The IRIs of functions of a store that the standard does not name. Raises what the store raises."""
    tried = [f'STR(<{_XSD}{name}>("{value}")) = "{value}"' for name, value in _FUNCTIONS.items()]
    if _works(store, f"ASK {{ FILTER ({' && '.join(tried)}) }}"):
        yield from (f"{_XSD}{name}" for name in _FUNCTIONS)


def _works(store: SparqlStore, trial: str) -> bool:
    try:
        answer = store.query(trial)
    except (LimitError, StoreTimeout, Unavailable):
        raise  # which says nothing of the engine
    except (QueryError, StoreError):
        return False
    return isinstance(answer, ox.QueryBoolean) and bool(answer)
