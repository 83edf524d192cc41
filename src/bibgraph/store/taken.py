"""Answers whose rows and triples are taken out at once, so that any thread may let go of them.

The engine's own answers may only be let go of in the thread that made them. Where an error holds one, its
memory is never free again if it is another thread that collects the error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, cast

import pyoxigraph as ox

from bibgraph.store import Answer

_JSON = ox.QueryResultsFormat.JSON


class _Rows:
    """Rows, to be used as ``ox.QuerySolutions`` are, which cannot be made nor derived from."""

    def __init__(self, body: bytes, variables: Sequence[ox.Variable], rows: list[ox.QuerySolution]) -> None:
        self.variables = variables
        self._body = body
        self._rest = iter(rows)

    @property  # type: ignore[misc]  # as for proxies: isinstance looks here
    def __class__(self) -> type[ox.QuerySolutions]:  # type: ignore[override]
        """What ``isinstance`` takes it for."""
        return ox.QuerySolutions

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        return self

    def __next__(self) -> ox.QuerySolution:
        return next(self._rest)

    def serialize(
        self,
        output: IO[bytes] | str | None = None,
        format: ox.QueryResultsFormat | None = None,  # noqa: A002  # the engine's own signature
    ) -> bytes | None:
        """All of it in a format, as ``ox.QuerySolutions.serialize`` writes it."""
        return ox.parse_query_results(self._body, format=_JSON).serialize(output, format)


class _Triples:
    """Triples, to be used as ``ox.QueryTriples`` are."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        self._rest = iter(triples)

    @property  # type: ignore[misc]  # as for proxies: isinstance looks here
    def __class__(self) -> type[ox.QueryTriples]:  # type: ignore[override]
        """What ``isinstance`` takes it for."""
        return ox.QueryTriples

    def __iter__(self) -> Iterator[ox.Triple]:
        return self

    def __next__(self) -> ox.Triple:
        return next(self._rest)

    def serialize(
        self,
        output: IO[bytes] | str | None = None,
        format: ox.RdfFormat | None = None,  # noqa: A002  # the engine's own signature
    ) -> bytes | None:
        """The triples in a format, as ``ox.QueryTriples.serialize`` writes them."""
        return ox.serialize(self, output, format)


def rows(body: bytes) -> Answer:
    """The answer to SELECT or ASK that was written as SPARQL results in JSON."""
    found = ox.parse_query_results(body, format=_JSON)
    if isinstance(found, ox.QueryBoolean):
        return found
    return cast("ox.QuerySolutions", _Rows(body, found.variables, _one_by_one(found)))


def _one_by_one(found: ox.QuerySolutions) -> list[ox.QuerySolution]:
    """The rows. ``list`` would keep all other threads from going on until millions are there."""
    return [row for row in found]  # noqa: C416


def triples(body: bytes) -> Answer:
    """The answer to CONSTRUCT or DESCRIBE that was written as N-Triples, each triple once."""
    found = (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    return cast("ox.QueryTriples", _Triples(list(dict.fromkeys(found))))
