"""shifty (its package is named pyshifty): close to the standard. Its report is N-Triples."""

from __future__ import annotations

import pyoxigraph as ox
from shifty import _shifty

from bibgraph.namespaces import SH
from bibgraph.validation.engines.native import Native
from bibgraph.validation.results import Result
from bibgraph.validation.triples import Term, Triples, text_of


def _run(data: bytes, shapes: bytes) -> list[Result]:
    # The wrapper around this would turn the report into a graph of rdflib, by way of Turtle.
    validator = _shifty.PreparedValidator(shapes=shapes, shapes_format="ntriples")
    answer = validator.validate_w3c(data=data, data_format="turtle", graph_mode="data", run_infer=False)
    text = answer._report_ntriples  # noqa: SLF001  # there is no other
    report = Triples.of(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
    return [
        _result(report, node) for top in report.subjects(SH.result) for node in report.objects(top, SH.result)
    ]


def _result(report: Triples, node: Term) -> Result:
    shape, focus = report.value(node, SH.sourceShape), report.value(node, SH.focusNode)
    if shape is None or focus is None:
        raise ValueError("a result without shape or focus node")
    return Result(
        text_of(report.value(node, SH.sourceConstraintComponent)),
        text_of(report.value(node, SH.resultSeverity)),
        shape,
        focus,
        report.value(node, SH.resultPath),
        report.value(node, SH.value),
    )


ENGINE = Native(_run)
