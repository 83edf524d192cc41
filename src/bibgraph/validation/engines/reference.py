"""pySHACL, with inference off: with it on, ``rdfs:range`` would make ``sh:class`` always true."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyoxigraph as ox
from pyshacl import shape, validator
from pyshacl.constraints import constraint_component
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning, ValidationFailure
from pyshacl.graph_abstraction import OxigraphDataGraph
from pyshacl.validator import Validator
from rdflib import RDF, SH, XSD, BNode, Graph, URIRef

from bibgraph.validation.engines.choice import Unusable
from bibgraph.validation.engines.comparing import comparing_as_sparql
from bibgraph.validation.engines.dictionaries import DataGraph, ShapesGraph
from bibgraph.validation.engines.proving import Prover
from bibgraph.validation.results import Result
from bibgraph.validation.triples import Term, Triples

_UNUSABLE = (
    *(ReportableRuntimeError, RuntimeError, AssertionError),
    *(SyntaxError, TypeError, ValueError, re.error),
)
"""What pySHACL raises for shapes that it cannot make sense of."""

_DESCRIBE = "stringify_node"
"""What writes out the nodes of each result for the text of a report, which nobody reads here."""

_COPY = "clone_blank_node"
"""What copies all that hangs on a blank node into the report, which takes long for a long list."""

_AIM = "focus_nodes"
"""What finds the things that a shape is run over."""

_LOGGERS = ("pyshacl-validate", "rdflib.term")


def results(shapes: Triples, prover: Prover) -> list[Result]:
    """The results for shapes that have been made flat; ``prover`` has the statements. Raises Unusable."""
    graph = DataGraph(prover.statements)
    with _quiet(), comparing_as_sparql(), _leaving_out(prover, graph):
        try:
            report = _run(graph, ShapesGraph(shapes))
        except ValidationFailure as error:
            raise Unusable(f"Validation Failure - {error.message}") from error
        except _UNUSABLE as error:
            raise Unusable(str(error)) from error
    return [_result(report, node, shapes) for node in _tops(report)]


def _run(data: OxigraphDataGraph, shapes: Graph) -> Graph:
    """What ``pyshacl.validate`` does, which would look into the store."""
    options = {"inference": "none", "logger": logging.getLogger(_LOGGERS[0])}
    run: Callable[[], tuple[bool, Graph, str]] = Validator(data, shacl_graph=shapes, options=options).run
    return run()[1]


@contextmanager
def _leaving_out(prover: Prover, graph: DataGraph) -> Iterator[None]:
    """Inside, pySHACL is not asked about things that certainly conform to a shape."""
    aimed_at: Callable[..., set[Any]] = shape.Shape.focus_nodes

    def focus_nodes(self: Any, *given: Any, **more: Any) -> set[Any]:  # noqa: ANN401  # pySHACL's own
        left = prover.doubtful(_term(self.node))
        return aimed_at(self, *given, **more) if left is None else set(graph.terms(left))

    setattr(shape.Shape, _AIM, focus_nodes)
    try:
        yield
    finally:
        setattr(shape.Shape, _AIM, aimed_at)


def _tops(report: Graph) -> Iterator[Any]:
    """The results; those nested in others are none of their own."""
    for node in report.subjects(RDF.type, SH.ValidationReport):
        yield from report.objects(node, SH.result)


def _result(report: Graph, node: Any, shapes: Triples) -> Result:  # noqa: ANN401
    stated: dict[Any, list[Any]] = {}
    for predicate, value in report.predicate_objects(node):
        stated.setdefault(predicate, []).append(value)

    def term(predicate: URIRef) -> Term | None:
        return _term(stated[predicate][0]) if predicate in stated else None

    shape, path = term(SH.sourceShape) or ox.BlankNode(), term(SH.resultPath)
    return Result(
        str(stated.get(SH.sourceConstraintComponent, [""])[0]),
        str(stated.get(SH.resultSeverity, [""])[0]),
        shape,
        term(SH.focusNode) or ox.BlankNode(),
        # A path of several properties is but a label here; that of the shape says what it is.
        shapes.value(shape, str(SH.path)) if isinstance(path, ox.BlankNode) else path,
        term(SH.value),
        term(SH.sourceConstraint),
        tuple(_term(each) for each in stated.get(SH.resultMessage, ())),
    )


def _term(node: Any) -> Term:  # noqa: ANN401
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or XSD.string)))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' logs, with their tracebacks, from the user, and what nobody reads from being made.

    Findings tell the same.
    """
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    described, copied = getattr(constraint_component, _DESCRIBE), getattr(validator, _COPY)
    setattr(constraint_component, _DESCRIBE, lambda *_: "")
    setattr(validator, _COPY, lambda _, node, *__, **___: node)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ShapeRecursionWarning)
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
        setattr(constraint_component, _DESCRIBE, described)
        setattr(validator, _COPY, copied)
