"""Stores: whatever answers SPARQL queries, here or elsewhere.

Every store refuses what ``bibgraph.sparql.guard`` refuses. Its default graph is the union of its named
graphs, in which a triple that several of them state counts once; ``GRAPH ?source { … }`` tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import pyoxigraph as ox

Answer: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
"""Rows of SELECT, yes or no of ASK, triples of CONSTRUCT and DESCRIBE. Rows and triples come once."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer written out. kind: ``rows`` of SELECT, ``boolean`` of ASK, ``triples``."""

    kind: str
    body: bytes


class SparqlStore(Protocol):
    """What answers queries. It never changes: ``version`` names what it holds."""

    @property
    def version(self) -> str:
        """Names the content; equal versions give equal answers."""

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """The answer to a query.

        default_graphs, named_graphs: IRIs of the graphs to ask; together they replace the query's own FROM
        clauses (SPARQL 1.1 Protocol, section 2.1.4). If only one of them is given, the other is empty.
        Raises QueryError for a query that cannot be read or is not allowed, and for a graph that the store
        does not have; StoreError if the store fails.
        """
