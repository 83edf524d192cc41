"""Answers whose rows and triples are taken out at once, so that any thread may let go of them.

The engine's own answers may only be let go of in the thread that made them. Where an error holds one, its
memory is never free again if it is another thread that collects the error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, cast

import pyoxigraph as ox

from bibgraph.store import Answer, Written
from bibgraph.store.writing import SHOWN

_JSON = ox.QueryResultsFormat.JSON
_ONLY_FIRST = "there are but the first of them"


class _Rows:
    """Rows, to be used as ``ox.QuerySolutions`` are, which cannot be made nor derived from.

    body: all of them in JSON. beyond: see the function.
    """

    def __init__(self, found: ox.QuerySolutions, body: bytes = b"", beyond: int = 0) -> None:
        self.variables: Sequence[ox.Variable] = found.variables
        self.beyond = beyond
        self._body = body
        self._rest: Iterator[ox.QuerySolution] = iter(list(found))

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
        if not self._body:
            raise ValueError(_ONLY_FIRST)
        return ox.parse_query_results(self._body, format=_JSON).serialize(output, format)


class _Triples:
    """Triples, to be used as ``ox.QueryTriples`` are. beyond: see the function."""

    def __init__(self, lines: bytes, beyond: int = 0) -> None:
        found = (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
        self.beyond = beyond
        self._rest: Iterator[ox.Triple] = iter(list(dict.fromkeys(found)))

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
        if self.beyond:
            raise ValueError(_ONLY_FIRST)
        return ox.serialize(self, output, format)


def rows(body: bytes) -> Answer:
    """The answer to SELECT or ASK that was written as SPARQL results in JSON."""
    found = ox.parse_query_results(body, format=_JSON)
    if isinstance(found, ox.QueryBoolean):
        return found
    return cast("ox.QuerySolutions", _Rows(found, body))


def triples(body: bytes) -> Answer:
    """The answer to CONSTRUCT or DESCRIBE that was written as N-Triples, each triple once."""
    return cast("ox.QueryTriples", _Triples(body))


def first(written: Written) -> Answer:
    """The answer of which ``writing.beginning`` wrote what a page needs: it is for looking through only."""
    if written.kind == "boolean":
        return rows(written.body)
    count, _, body = written.body.partition(b"\n")
    if written.kind == "triples":
        return cast("ox.QueryTriples", _Triples(body, max(0, int(count) - SHOWN)))
    found = cast("ox.QuerySolutions", ox.parse_query_results(body, format=ox.QueryResultsFormat.TSV))
    return cast("ox.QuerySolutions", _Rows(found, beyond=max(0, int(count) - SHOWN)))


def beyond(answer: Answer) -> int:
    """How many rows or triples an answer has besides those that it gives: see ``first``."""
    return int(getattr(answer, "beyond", 0))
