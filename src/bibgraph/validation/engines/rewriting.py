"""Qualified value shapes said in other words, for an engine that counts them wrong.

«At least one value conforms to Q» is «it is not so that no value conforms to Q»: ``sh:not [ sh:path p ;
sh:not Q ]`` at the thing itself. That has the same outcome for every thing; the results are told as those of
the first wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from bibgraph.namespaces import SH
from bibgraph.validation.flatten import TARGETS
from bibgraph.validation.results import Result
from bibgraph.validation.triples import Subject, Term, Triples, text_of

_ONCE = (SH.path, SH.qualifiedValueShape, SH.qualifiedMinCount)


@dataclass(frozen=True)
class Rewritten:
    """Shapes in other words; sources: by shapes that are new, those they stand for."""

    shapes: Triples
    sources: Mapping[Term, Subject]

    def translated(self, results: Iterable[Result]) -> Iterator[Result]:
        """The results, those of shapes that are new as those of the shapes they stand for."""
        for result in results:
            source = self.sources.get(result.shape)
            if source is None:
                yield result
            else:
                path = self.shapes.value(source, SH.path)
                component = SH.QualifiedMinCountConstraintComponent
                yield replace(result, component=component, shape=source, path=path, value=None)


def rewrite(shapes: Triples) -> Rewritten:
    """A copy of ``shapes``, which are flat, in which those that ask for one conforming value say it so."""
    other = shapes.copy()
    sources: dict[Term, Subject] = {}
    for shape in sorted(shapes.subjects(SH.qualifiedMinCount), key=str):
        if _is_simple(shapes, shape):
            sources[_reword(other, shape)] = shape
    return Rewritten(other, sources)


def _is_simple(shapes: Triples, shape: Subject) -> bool:
    values = {each: shapes.objects(shape, each) for each in _ONCE}
    return (
        all(len(found) == 1 for found in values.values())
        and isinstance(values[SH.path][0], ox.NamedNode)
        and text_of(values[SH.qualifiedMinCount][0]) == "1"
        and not shapes.has(shape, SH.qualifiedMaxCount)
        and not shapes.has(shape, SH.qualifiedValueShapesDisjoint)
        and not shapes.uses(shape)
    )


def _reword(shapes: Triples, shape: Subject) -> Subject:
    whole, none = ox.BlankNode(), ox.BlankNode()
    wanted, path = shapes.value(shape, SH.qualifiedValueShape), shapes.value(shape, SH.path)
    if wanted is None or path is None:
        raise ValueError(shape)
    for kind in (*TARGETS, SH.severity, SH.deactivated):
        for value in shapes.objects(shape, kind):
            shapes.add(whole, kind, value)
    shapes.remove(shape, SH.qualifiedValueShape)
    shapes.remove(shape, SH.qualifiedMinCount)
    shapes.add(whole, SH["not"], none)
    shapes.add(none, SH.path, path)
    shapes.add(none, SH["not"], wanted)
    return whole
