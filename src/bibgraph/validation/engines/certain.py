"""The reference as an engine: pySHACL, which is only started if its verdict is not certain without it.

It takes as long to load as a small check to run. Most checks find nothing, or that something is missing; and
there is but one way of missing a value.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from bibgraph.namespaces import RDF, SH
from bibgraph.validation.engines.proving import Prover
from bibgraph.validation.engines.valuing import Doubtful, iri, only
from bibgraph.validation.flatten import TARGETS, flatten
from bibgraph.validation.results import Begun, Result
from bibgraph.validation.stated import Stated
from bibgraph.validation.statements import Key, term
from bibgraph.validation.triples import Subject, Term, Triples

_NODE, _PROPERTY = ox.NamedNode(SH.NodeShape), ox.NamedNode(SH.PropertyShape)
_LISTS = (SH["and"], SH["or"], SH.xone)
_AIMS = {*TARGETS, SH.target, RDF.type}


class _Reference:
    """pySHACL as an engine."""

    def begin(self, data: Stated, shapes: Triples) -> Begun:
        """As ``Engine.begin``."""
        return Begun(results_flat(data, flatten(shapes)))


ENGINE = _Reference()


def results_flat(data: Stated, shapes: Triples) -> list[Result]:
    """What the reference finds, for shapes that have been made flat. Raises Unusable."""
    prover = Prover(shapes, data.statements)
    try:
        return list(told(prover))
    except Doubtful:
        from bibgraph.validation.engines.reference import results  # noqa: PLC0415  # pySHACL is slow to load

        return results(shapes, prover)


def told(prover: Prover) -> Iterator[Result]:
    """All results, if nobody needs to be asked for any: of things that lack a value. Raises Doubtful."""
    shapes = prover.shapes
    for subject in shapes.all_subjects():
        _demand_well_formed(prover, subject)
        if not _AIMS.isdisjoint(shapes.about(subject)):
            things = prover.doubtful(subject)
            if things is None or (things and not prover.only_missing(subject, things)):
                raise Doubtful(str(subject))
            yield from _missing(shapes, subject, things)


def _demand_well_formed(prover: Prover, subject: Subject) -> None:
    """Raises Doubtful for what pySHACL may refuse when it reads the shapes, which it then does as a whole."""
    about = prover.shapes.about(subject)
    types, paths = about.get(RDF.type, ()), about.get(SH.path, ())
    is_property = _PROPERTY in types
    off = about.get(SH.deactivated, ())
    if (
        len(paths) > 1
        or (is_property and not paths)
        or (_NODE in types and (paths or is_property))
        or len(off) > 1
        or not all(isinstance(each, ox.Literal) for each in off)
    ):
        raise Doubtful(str(subject))
    for kind in _LISTS:
        for head in about.get(kind, ()):
            prover.members(head)


def _missing(shapes: Triples, shape: Term, things: list[Key]) -> Iterator[Result]:
    if things:
        severity = iri(only(shapes.objects(shape, SH.severity) or [ox.NamedNode(SH.Violation)]))
        path = only(shapes.objects(shape, SH.path))
        for thing in things:
            yield Result(SH.MinCountConstraintComponent, severity, shape, term(thing), path)
