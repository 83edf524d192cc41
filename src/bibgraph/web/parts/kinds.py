"""What kind of thing each of some things is."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from bibgraph.describe import Describer, collect


def kinds(describer: Describer, things: Sequence[str]) -> dict[str, str]:
    """By IRI, the first class that some source says each thing is of; missing where none does."""
    found: dict[str, str] = {}
    for statement in collect(describer.about("pages/describe-kinds", "thing", things)):
        if not statement.inferred and isinstance(statement.value, ox.NamedNode):
            found.setdefault(statement.subject.value, statement.value.value)
    return found
