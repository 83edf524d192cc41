"""What an answer rests on: the passages and pages behind the things in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from bibgraph.describe import Describer, value_of
from bibgraph.namespaces import THINGS

MOST_THINGS = 100
"""The sources of so many things are told at most."""
MOST_SOURCES = 200
"""So many passages and pages are told at most."""

_SAID = {
    "source": "source",
    "title": "title",
    "address": "address",
    "words": "quotation",
    "line_start": "line_start",
    "line_end": "line_end",
    "page": "page",
}


def sources_of(cells: Iterable[object], describer: Describer) -> dict[str, Any]:
    """The passages and pages behind the things among these terms, and how many things were left out.

    Raises as ``SparqlStore.query``.
    """
    named = (term.value for term in cells if isinstance(term, ox.NamedNode))
    things = list(dict.fromkeys(iri for iri in named if iri.startswith(THINGS)))
    found: dict[tuple[str, ...], list[str]] = {}
    for row in describer.about("pages/answer-sources", "thing", things[:MOST_THINGS]):
        said = tuple(value_of(row[name]) for name in _SAID)
        behind = found.setdefault(said, [])
        thing = value_of(row["thing"]).removeprefix(THINGS)
        if thing not in behind:
            behind.append(thing)
    told = [
        {"of": behind, **{name: text for name, text in zip(_SAID.values(), said, strict=True) if text}}
        for said, behind in found.items()
    ]
    return {
        "sources": told[:MOST_SOURCES],
        "sources_left_out": max(0, len(told) - MOST_SOURCES),
        "things_without_a_look": max(0, len(things) - MOST_THINGS),
    }
