"""A native engine beside the reference: each shape goes to the one that is known to get it right.

Tried out side by side on random shapes and data, the native engines agree with pySHACL on nearly all of SHACL
Core. What they do otherwise is settled here, by shape and never by result:

- What comes of values that cannot be compared (a date with a number, anything with a text in a language) is
  each engine's own affair. ``sh:lessThan`` and limits go to the reference, except limits of the type that
  ``sh:datatype`` beside them demands: the shape says the same of such a value in any case.
- Qualified value shapes with ``sh:qualifiedMinCount 1`` are told to the engine in other words, and all others
  go to the reference, if the engine is known to count wrong.
- So do SPARQL, constraint components of one's own and whatever is not known here; and all shapes, if they are
  not well-formed by the shapes of SHACL itself. The reference then says what it makes of them, unless it is
  certain without it that there is nothing to be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox

from bibgraph.namespaces import OWL, RDF, RDFS, SH
from bibgraph.validation.engines.certain import results_flat
from bibgraph.validation.engines.order import and_below, take_out
from bibgraph.validation.engines.proving import Prover
from bibgraph.validation.engines.recursion import is_recursive
from bibgraph.validation.engines.rewriting import Rewritten, rewrite
from bibgraph.validation.flatten import TARGETS, flatten
from bibgraph.validation.results import Begun, Result
from bibgraph.validation.stated import Asked, Stated
from bibgraph.validation.triples import Subject, Term, Triple, Triples, is_node, text_of

_LIMITS = {SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive}
_KNOWN = _LIMITS | {
    *(SH["and"], SH["or"], SH["not"], SH.xone, SH.node, SH.property, SH.path, SH["class"], SH.datatype),
    *(SH.nodeKind, SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.pattern, SH.flags, SH["in"]),
    *(SH.languageIn, SH.uniqueLang, SH.equals, SH.disjoint, SH.hasValue, SH.closed, SH.ignoredProperties),
    *(SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.defaultValue, SH.deactivated),
    *TARGETS,
}
_PATHS = {SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath}
_QUALIFIED = {
    SH.qualifiedValueShape,
    SH.qualifiedMinCount,
    SH.qualifiedMaxCount,
    SH.qualifiedValueShapesDisjoint,
}
_WORDS = {SH.name, SH.description, SH.message}
_CLASSES = (RDFS.Class, OWL.Class)
_PECULIAR = re.compile(r"\(\?|\\[0-9]")
"""What regular expressions have in one language and not in another."""

Run = Callable[[bytes, bytes], list[Result]]


@dataclass(frozen=True)
class Native:
    """A native engine.

    run: from data in Turtle and shapes in N-Triples to results, whose messages are those of their shapes;
    blank nodes keep their labels. Raises ValueError for what it cannot read.
    paths: whether it is right about paths of more than one property; qualified: about qualified value shapes.
    """

    run: Run
    paths: bool = True
    qualified: bool = True

    def begin(self, data: Stated, shapes: Triples) -> Begun:
        """As ``Engine.begin``."""
        flat = flatten(shapes)
        if _is_peculiar(flat):
            return Begun(results_flat(data, flat))
        rewritten = Rewritten(flat.copy(), {}) if self.qualified else rewrite(flat)
        easy = rewritten.shapes
        roots = _roots(easy)
        compared = take_out(easy, roots)
        hard: set[Term] = {root for root in roots if not self._may_run(easy, root)}
        # A shape that goes to the reference goes there whole.
        for told, source in rewritten.sources.items():
            if {told, source} & hard:
                hard |= {told, source}
        compared = [each for each in compared if each.shape not in hard]
        try:
            if self._finds_faults_in(flat):
                return Begun(results_flat(data, flat))
            results = self._run(data, easy, hard) if roots - hard else []
        except ValueError:
            # What an engine cannot read, the reference can, or it says why not.
            return Begun(results_flat(data, flat))
        results = list(rewritten.translated(results))
        return Begun(results, (*compared, _Rest(frozenset(hard))) if hard else tuple(compared))

    def _run(self, data: Stated, shapes: Triples, hard: set[Term]) -> list[Result]:
        lines = _lines(triple for triple in shapes if not _aims(triple, hard))
        results = self.run(data.text, lines)
        return [
            replace(each, path=shapes.value(each.shape, SH.path))
            if isinstance(each.path, ox.BlankNode)
            else each
            for each in results
        ]

    def _finds_faults_in(self, shapes: Triples) -> bool:
        return bool(self.run(_lines(shapes), _shapes_of_shapes()))

    def _may_run(self, shapes: Triples, root: Term) -> bool:
        known = _KNOWN | (_PATHS if self.paths else set()) | (_QUALIFIED if self.qualified else set())
        if not self.paths and any(
            isinstance(each, ox.Literal) for each in shapes.objects(root, SH.targetNode)
        ):
            return False
        for node in shapes.reached(root, (RDF.type, *TARGETS)):
            for predicate, values in shapes.about(node).items():
                if predicate not in known and predicate.startswith(SH):
                    return False
                if not all(self._is_right_about(shapes, node, predicate, value) for value in values):
                    return False
        return True

    def _is_right_about(self, shapes: Triples, node: Term, predicate: str, value: Term) -> bool:
        if predicate in _LIMITS:
            return _is_typed(shapes, node, value)
        if predicate == SH.pattern:
            return _is_plain(text_of(value))
        return self.paths or predicate != SH.path or not isinstance(value, ox.BlankNode)


@dataclass(frozen=True)
class _Rest:
    """Shapes that are the reference's, if there is anything that it might find."""

    roots: frozenset[Term]

    def results(self, data: Stated, shapes: Triples) -> list[Result]:
        """What it finds. Raises Unusable."""
        flat = flatten(shapes)
        if not any(_finds_things(flat, root, data.asked) for root in self.roots):
            return []
        prover = Prover(flat, data.statements)
        left = {root for root in self.roots if prover.doubtful(root) != []}
        return results_flat(data, _without(flat, left)) if left else []


def _finds_things(shapes: Triples, root: Term, data: Asked) -> bool:
    """Whether a shape aims at anything; perhaps, if it is itself a class."""
    classes = [each for target in shapes.objects(root, SH.targetClass) for each in and_below(target, data)]
    along = (*shapes.objects(root, SH.targetSubjectsOf), *shapes.objects(root, SH.targetObjectsOf))
    matches = (
        *(data.matching(ox.NamedNode(RDF.type), each) for each in classes),
        *(data.matching(each) for each in along if isinstance(each, ox.NamedNode)),
    )
    return (
        shapes.has(root, SH.targetNode)
        or shapes.has(root, SH.target)
        or any(is_node(each, *_CLASSES) for each in shapes.objects(root, RDF.type))
        or any(next(found, None) is not None for found in matches)
    )


def _is_peculiar(shapes: Triples) -> bool:
    """Whether there is something that may change the meaning of any shape."""
    return bool(
        shapes.subjects(RDF.type, ox.NamedNode(SH.ConstraintComponent))
        or shapes.subjects(SH.entailment)
        or is_recursive(shapes)
    )


def _is_plain(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return not _PECULIAR.search(pattern)


def _is_typed(shapes: Triples, shape: Term, limit: Term) -> bool:
    """Whether the shape has one text for wrong types and wrong values, and the limit is of the right type."""
    datatype = limit.datatype if isinstance(limit, ox.Literal) else None
    return datatype is not None and shapes.has(shape, SH.datatype, datatype) and shapes.has(shape, SH.message)


def _roots(shapes: Triples) -> set[Subject]:
    """The shapes that choose things to look at by themselves."""
    aimed = {shape for kind in (*TARGETS, SH.target) for shape in shapes.subjects(kind)}
    typed = {
        shape: {text_of(kind) for kind in shapes.objects(shape, RDF.type)}
        for shape in shapes.subjects(RDF.type)
    }
    return aimed | {
        shape
        for shape, kinds in typed.items()
        if not kinds.isdisjoint(_CLASSES) and not kinds.isdisjoint((SH.NodeShape, SH.PropertyShape))
    }


def _aims(triple: Triple, roots: set[Term]) -> bool:
    """Whether the triple is what makes one of these shapes choose things to look at."""
    subject, predicate, value = triple
    return subject in roots and (
        predicate in (*TARGETS, SH.target) or (predicate == RDF.type and is_node(value, *_CLASSES))
    )


def _without(shapes: Triples, kept: set[Term]) -> Triples:
    """A copy in which all but these shapes look at nothing by themselves."""
    others: set[Term] = {root for root in _roots(shapes) if root not in kept}
    return Triples(triple for triple in shapes if not _aims(triple, others))


def _lines(shapes: Iterable[Triple]) -> bytes:
    """N-Triples, without the words, which decide nothing."""
    return "".join(
        f"{subject} <{predicate}> {value} .\n"
        for subject, predicate, value in shapes
        if predicate not in _WORDS
    ).encode()


@cache
def _shapes_of_shapes() -> bytes:
    """What SHACL demands of shapes (its appendix C), as pySHACL brings it along."""
    package = find_spec("pyshacl")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pyshacl")
    # Not by importlib.resources, which would load all of pySHACL.
    text = Path(package.origin).with_name("assets").joinpath("shacl-shacl.ttl").read_bytes()
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
