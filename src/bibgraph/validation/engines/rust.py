"""shacl-rust: the fastest. Its report is a dictionary of N-Triples terms."""

from __future__ import annotations

from io import BytesIO

import pyoxigraph as ox
import shacl_rust

from bibgraph.validation.engines.native import Native
from bibgraph.validation.results import Result
from bibgraph.validation.triples import Term


def _run(data: bytes, shapes: bytes) -> list[Result]:
    answer = shacl_rust.validate_file(
        BytesIO(data),
        BytesIO(shapes),
        data_format="turtle",
        shapes_format="nt",
        experimental_index=True,
    )
    told = [[result.get(key) or "" for key in _KEYS] for result in answer["results"]]
    terms = _terms({text for texts in told for text in texts if text})
    return [_result([terms.get(text) for text in texts]) for texts in told]


_KEYS = ("sourceConstraintComponent", "severity", "sourceShape", "focusNode", "resultPath", "value")


def _terms(texts: set[str]) -> dict[str, Term]:
    listed = sorted(texts)
    lines = "".join(f"<x:term> <x:is> {text} .\n" for text in listed)
    parsed = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    return {
        text: quad.object
        for text, quad in zip(listed, parsed, strict=True)
        if not isinstance(quad.object, ox.Triple)
    }


def _result(terms: list[Term | None]) -> Result:
    component, severity, shape, focus, path, value = terms
    if component is None or severity is None or shape is None or focus is None:
        raise ValueError("a result without component, severity, shape or focus node")
    return Result(component.value, severity.value, shape, focus, path, value)


ENGINE = Native(_run, paths=False, qualified=False)
