"""Shapes said in other words, for an engine that gets the first ones wrong.

«At least one value conforms to Q» is «it is not so that no value conforms to Q»: ``sh:not [ sh:path p ;
sh:not Q ]`` at the thing itself. «Each value conforms to Q» (``sh:node Q``) is «each value conforms to all of
Q»: ``sh:and ( Q )``. Both have the same outcome for every thing and value; the results are told as those of
the first wording. An empty list of allowed values has one that nothing is, lest it be taken for no list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from bibgraph.namespaces import RDF, SH
from bibgraph.validation.flatten import TARGETS
from bibgraph.validation.results import Result
from bibgraph.validation.triples import Subject, Term, Triples, text_of

_LISTED = {
    SH["and"]: SH.AndConstraintComponent,
    SH["or"]: SH.OrConstraintComponent,
    SH.xone: SH.XoneConstraintComponent,
}
"""All of them mean the same of a list of one shape."""

_NONE = ox.NamedNode(RDF.nil)
_NOBODY = "urn:uuid:6a0b1f86-9d0f-4c57-8d53-0e6d3c1f7a52"
_ONCE = (SH.path, SH.qualifiedValueShape, SH.qualifiedMinCount)


@dataclass(frozen=True)
class Rewritten:
    """Shapes in other words.

    sources: by shapes that are new, those they stand for. components: by shapes that have another wording for
    ``sh:node``, the component of that.
    """

    shapes: Triples
    sources: Mapping[Term, Subject]
    components: Mapping[Term, str] = field(default_factory=dict)

    def translated(self, results: Iterable[Result]) -> Iterator[Result]:
        """The results, those of shapes that are new as those of the shapes they stand for."""
        for result in results:
            source = self.sources.get(result.shape)
            if self.components.get(result.shape) == result.component:
                yield replace(result, component=SH.NodeConstraintComponent)
            elif source is None:
                yield result
            else:
                path = self.shapes.value(source, SH.path)
                component = SH.QualifiedMinCountConstraintComponent
                yield replace(result, component=component, shape=source, path=path, value=None)


def rewrite(shapes: Triples) -> Rewritten:
    """A copy of ``shapes``, which are flat, in which nothing is left that can be said in other words."""
    other = shapes.copy()
    sources: dict[Term, Subject] = {}
    for shape in sorted(shapes.subjects(SH.qualifiedMinCount), key=str):
        if _is_simple(shapes, shape):
            sources[_reword(other, shape)] = shape
    for shape in other.subjects(SH["in"], _NONE):
        other.remove(shape, SH["in"])
        _listed(other, shape, SH["in"], ox.NamedNode(_NOBODY))
    components: dict[Term, str] = {
        shape: component
        for shape in other.subjects(SH.node)
        if (component := _relisted(other, shape, other.objects(shape, SH.node)[:]))
    }
    return Rewritten(other, sources, components)


def _relisted(shapes: Triples, shape: Subject, wanted: Iterable[Term]) -> str:
    """Have ``shape`` ask for lists of one shape, and say by which component; empty if it has all kinds."""
    kind = next((each for each in _LISTED if not shapes.has(shape, each)), None)
    if kind is None:
        return ""
    shapes.remove(shape, SH.node)
    for each in wanted:
        _listed(shapes, shape, kind, each)
    return str(_LISTED[kind])


def _listed(shapes: Triples, shape: Subject, predicate: str, member: Term) -> None:
    head = ox.BlankNode()
    shapes.add(shape, predicate, head)
    shapes.add(head, RDF.first, member)
    shapes.add(head, RDF.rest, _NONE)


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
