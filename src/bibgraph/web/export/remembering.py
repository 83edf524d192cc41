"""A store that keeps the last answers: one thing's pages and documents ask nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bibgraph.describe import Row
from bibgraph.describe.statements import fetch
from bibgraph.store import Answer, SparqlStore

_KEPT = 256


class Remembering:
    """What ``store`` answers, with the rows of the last queries at hand. ``store`` must never change."""

    def __init__(self, store: SparqlStore) -> None:
        self._store = store
        self.version = store.version
        self.rows = lru_cache(maxsize=_KEPT)(self._fetch)

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``."""
        return self._store.query(text, default_graphs=default_graphs, named_graphs=named_graphs)

    def _fetch(self, text: str) -> Sequence[Row]:
        return tuple(fetch(self._store, text))
