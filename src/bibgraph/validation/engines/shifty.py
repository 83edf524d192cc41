"""shifty (its package is named pyshifty): close to the standard. Its report is N-Triples."""

from __future__ import annotations

import pyoxigraph as ox
from shifty import _shifty

from bibgraph.validation.engines.native import Native


def _run(data: bytes, shapes: bytes) -> list[ox.Quad]:
    # The wrapper around this would turn the report into a graph of rdflib, by way of Turtle.
    validator = _shifty.PreparedValidator(shapes=shapes, shapes_format="ntriples")
    answer = validator.validate_w3c(data=data, data_format="ntriples", graph_mode="data", run_infer=False)
    return list(ox.parse(answer._report_ntriples, format=ox.RdfFormat.N_TRIPLES))  # noqa: SLF001  # there is no other


ENGINE = Native(_run)
