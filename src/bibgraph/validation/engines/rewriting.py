"""Qualified value shapes said in other words, for an engine that counts them wrong.

«At least one value conforms to Q» is «it is not so that no value conforms to Q»: ``sh:not [ sh:path p ;
sh:not Q ]`` at the thing itself. That has the same outcome for every thing; the results are told as those of
the first wording.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import SH, BNode, Graph, URIRef
from rdflib.term import Node

from bibgraph.validation.flatten import TARGETS

_ONCE = (SH.path, SH.qualifiedValueShape, SH.qualifiedMinCount)


@dataclass(frozen=True)
class Rewritten:
    """Shapes in other words; sources: by shapes that are new, those they stand for."""

    shapes: Graph
    sources: dict[Node, Node]

    def translate(self, report: Graph) -> None:
        """Make the results of shapes that are new those of the shapes they stand for."""
        for result, shape in list(report.subject_objects(SH.sourceShape)):
            source = self.sources.get(shape)
            if source is None:
                continue
            report.remove((result, SH.value, None))
            report.set((result, SH.sourceShape, source))
            report.set((result, SH.sourceConstraintComponent, SH.QualifiedMinCountConstraintComponent))
            path = self.shapes.value(source, SH.path)
            if path is not None:
                report.set((result, SH.resultPath, path))


def rewrite(shapes: Graph) -> Rewritten:
    """A copy of ``shapes``, which are flat, in which those that ask for one conforming value say it so."""
    other = Graph("SimpleMemory", bind_namespaces="none")
    for triple in shapes:
        other.add(triple)
    sources: dict[Node, Node] = {}
    for shape in sorted(set(shapes.subjects(SH.qualifiedMinCount)), key=str):
        if _is_simple(shapes, shape):
            sources[_reword(other, shape)] = shape
    return Rewritten(other, sources)


def _is_simple(shapes: Graph, shape: Node) -> bool:
    values = {each: list(shapes.objects(shape, each)) for each in _ONCE}
    return (
        all(len(found) == 1 for found in values.values())
        and isinstance(values[SH.path][0], URIRef)
        and str(values[SH.qualifiedMinCount][0]) == "1"
        and (shape, SH.qualifiedMaxCount, None) not in shapes
        and (shape, SH.qualifiedValueShapesDisjoint, None) not in shapes
        and (None, None, shape) not in shapes
    )


def _reword(shapes: Graph, shape: Node) -> Node:
    whole, none = BNode(), BNode()
    wanted, path = shapes.value(shape, SH.qualifiedValueShape), shapes.value(shape, SH.path)
    if wanted is None or path is None:
        raise ValueError(shape)
    for kind in (*TARGETS, SH.severity, SH.deactivated):
        for value in shapes.objects(shape, kind):
            shapes.add((whole, kind, value))
    shapes.remove((shape, SH.qualifiedValueShape, None))
    shapes.remove((shape, SH.qualifiedMinCount, None))
    shapes.add((whole, SH["not"], none))
    shapes.add((none, SH.path, path))
    shapes.add((none, SH["not"], wanted))
    return whole
