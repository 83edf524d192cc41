"""shacl-rust: the fastest. Its report is a dictionary of N-Triples terms."""

from __future__ import annotations

import pyoxigraph as ox
import shacl_rust
from rdflib import RDF, SH

from bibgraph.validation.engines.native import Native

_TELLS = {
    "focusNode": SH.focusNode,
    "resultPath": SH.resultPath,
    "value": SH.value,
    "sourceShape": SH.sourceShape,
    "sourceConstraintComponent": SH.sourceConstraintComponent,
    "severity": SH.resultSeverity,
}


def _run(data: bytes, shapes: bytes) -> list[ox.Quad]:
    answer = shacl_rust.validate(
        data.decode(), shapes.decode(), data_format="nt", shapes_format="nt", experimental_index=True
    )
    lines = [f"_:shacl-report <{RDF.type}> <{SH.ValidationReport}> ."]
    for number, result in enumerate(answer["results"]):
        lines.append(f"_:shacl-report <{SH.result}> _:shacl-result-{number} .")
        lines += [
            f"_:shacl-result-{number} <{predicate}> {result[key]} ."
            for key, predicate in _TELLS.items()
            if result.get(key)
        ]
    return list(ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES))


ENGINE = Native(_run, paths=False, qualified=False)
