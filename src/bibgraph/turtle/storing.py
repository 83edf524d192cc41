"""Quads as a store that can be asked."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox


def to_store(quads: Iterable[ox.Quad]) -> ox.Store:
    """The union of the quads' graphs as the default graph of a store in memory."""
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store
