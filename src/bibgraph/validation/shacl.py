"""SHACL on asserted data, by one of the engines; its results as findings."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from bibgraph.findings import Finding, Severity
from bibgraph.messages import message
from bibgraph.turtle import to_rdflib, to_store
from bibgraph.validation.engines import REFERENCE, Unusable, choose
from bibgraph.validation.speaking import findings_of


def validate(
    data: Iterable[ox.Quad] | ox.Store, shapes: Iterable[ox.Quad], engine: str = REFERENCE
) -> list[Finding]:
    """What ``shapes`` have to say about ``data`` (ontology and data; of a store, its default graph).

    A finding's rule is the IRI of the property shape or node shape that speaks, its messages are those of the
    shape by language, or tell in our words what its constraint asks for. Shapes that cannot be run are one
    finding, with the rule ``shapes-unusable``. Raises SettingsError for an engine that is not there.
    """
    # Both through a store, since one writes some values otherwise: "01" and "1" are one integer to it.
    store = data if isinstance(data, ox.Store) else to_store(data)
    stated = to_rdflib(to_store(shapes))
    try:
        report = choose(engine).report(store, stated)
    except Unusable as error:
        sentence = message("The shapes cannot be run: {reason}", reason=" ".join(str(error).split()))
        return [Finding("shapes-unusable", Severity.VIOLATION, sentence)]
    return findings_of(report, stated, store)
