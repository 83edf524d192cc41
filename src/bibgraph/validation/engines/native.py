"""A native engine beside the reference: each shape goes to the one that is known to get it right.

Tried out side by side on random shapes and data, the native engines agree with pySHACL on nearly all of SHACL
Core. What they do otherwise is settled here, by shape and never by result:

- What comes of values that cannot be compared (a date with a number, anything with a text in a language) is
  each engine's own affair. ``sh:lessThan`` and limits go to the reference, except limits of the type that
  ``sh:datatype`` beside them demands: the shape says the same of such a value in any case.
- Qualified value shapes with ``sh:qualifiedMinCount 1`` are told to the engine in other words, and all others
  go to the reference, if the engine is known to count wrong.
- So do SPARQL, constraint components of one's own and whatever is not known here; and all shapes, if they are
  not well-formed by the shapes of SHACL itself. The reference then says what it makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal
from rdflib.term import Node

from bibgraph.turtle import from_rdflib, to_rdflib
from bibgraph.validation.engines.reference import ENGINE as REFERENCE
from bibgraph.validation.engines.rewriting import Rewritten, rewrite
from bibgraph.validation.flatten import TARGETS, flatten

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
_PECULIAR = re.compile(r"\(\?|\\[0-9]")
"""What regular expressions have in one language and not in another."""

Run = Callable[[bytes, bytes], list[ox.Quad]]
Triple = tuple[Node, Node, Node]
Lines = dict[Triple, str]


@dataclass(frozen=True)
class Native:
    """A native engine.

    run: from data and shapes as N-Triples to a report; blank nodes keep their labels. Raises ValueError.
    paths: whether it is right about paths of more than one property; qualified: about qualified value shapes.
    """

    run: Run
    paths: bool = True
    qualified: bool = True

    def report(self, data: ox.Store, shapes: Graph) -> Graph:
        """As ``Engine.report``."""
        flat = flatten(shapes)
        rewritten = Rewritten(flat, {}) if self.qualified else rewrite(flat)
        lines = _lines(rewritten.shapes)
        roots = _roots(rewritten.shapes)
        hard = {root for root in roots if not self._may_run(rewritten.shapes, root)}
        try:
            if _is_peculiar(flat) or self._finds_faults_in(lines.values()):
                hard = roots
            report = self._run(data, rewritten.shapes, lines, hard) if roots - hard else _empty()
        except ValueError:
            # What an engine cannot read, the reference can, or it says why not.
            report, hard = _empty(), roots
        if hard:
            report += REFERENCE.report_flat(data, _without(rewritten.shapes, roots - hard))
        rewritten.translate(report)
        _speak(report, rewritten.shapes)
        return report

    def _run(self, data: ox.Store, shapes: Graph, lines: Lines, hard: set[Node]) -> Graph:
        stated = data.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
        wanted = (line for triple, line in lines.items() if not _aims(triple, hard))
        report = to_rdflib(self.run(stated, "".join(wanted).encode()))
        report.remove((None, SH.resultMessage, None))
        for path in set(report.objects(None, SH.resultPath)):
            for node in _reached(shapes, path) if isinstance(path, BNode) else ():
                for triple in shapes.triples((node, None, None)):
                    report.add(triple)
        return report

    def _finds_faults_in(self, shapes: Iterable[str]) -> bool:
        found = self.run("".join(shapes).encode(), _shapes_of_shapes())
        return any(quad.predicate.value == str(SH.result) for quad in found)

    def _may_run(self, shapes: Graph, root: Node) -> bool:
        known = _KNOWN | (_PATHS if self.paths else set()) | (_QUALIFIED if self.qualified else set())
        if not self.paths and any(isinstance(each, Literal) for each in shapes.objects(root, SH.targetNode)):
            return False
        for node in _reached(shapes, root):
            for predicate, value in shapes.predicate_objects(node):
                if (
                    (predicate not in known and str(predicate).startswith(str(SH)))
                    or (predicate in _LIMITS and not _is_typed(shapes, node, value))
                    or (predicate == SH.pattern and not _is_plain(str(value)))
                    or (predicate == SH.path and isinstance(value, BNode) and not self.paths)
                ):
                    return False
        return True


def _is_peculiar(shapes: Graph) -> bool:
    """Whether there is something that may change the meaning of any shape."""
    return (None, RDF.type, SH.ConstraintComponent) in shapes or (None, SH.entailment, None) in shapes


def _is_plain(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return not _PECULIAR.search(pattern)


def _is_typed(shapes: Graph, shape: Node, limit: Node) -> bool:
    """Whether the shape has one text for wrong types and wrong values, and the limit is of the right type."""
    datatype = limit.datatype if isinstance(limit, Literal) else None
    return (shape, SH.datatype, datatype) in shapes and (shape, SH.message, None) in shapes


def _speak(report: Graph, shapes: Graph) -> None:
    """Give results the messages of their shapes, if they have none yet."""
    for result, shape in report.subject_objects(SH.sourceShape):
        if (result, SH.resultMessage, None) not in report:
            for text in list(shapes.objects(shape, SH.message)):
                report.add((result, SH.resultMessage, text))


def _roots(shapes: Graph) -> set[Node]:
    """The shapes that choose things to look at by themselves."""
    aimed = {shape for kind in (*TARGETS, SH.target) for shape in shapes.subjects(kind)}
    classes = {each for kind in (RDFS.Class, OWL.Class) for each in shapes.subjects(RDF.type, kind)}
    kinds = {each for kind in (SH.NodeShape, SH.PropertyShape) for each in shapes.subjects(RDF.type, kind)}
    return aimed | (classes & kinds)


def _reached(shapes: Graph, root: Node) -> set[Node]:
    """The shapes, lists and paths that a shape is made of, itself among them."""
    found, ahead = {root}, [root]
    while ahead:
        for predicate, value in shapes.predicate_objects(ahead.pop()):
            if isinstance(value, Literal) or predicate in (RDF.type, *TARGETS) or value in found:
                continue
            found.add(value)
            ahead.append(value)
    return found


def _aims(triple: Triple, roots: set[Node]) -> bool:
    """Whether the triple is what makes one of these shapes choose things to look at."""
    subject, predicate, value = triple
    return subject in roots and (
        predicate in (*TARGETS, SH.target) or (predicate == RDF.type and value in (RDFS.Class, OWL.Class))
    )


def _without(shapes: Graph, roots: set[Node]) -> Graph:
    """A copy in which these shapes look at nothing by themselves."""
    rest = Graph("SimpleMemory", bind_namespaces="none")
    for triple in shapes:
        if not _aims(triple, roots):
            rest.add(triple)
    return rest


def _empty() -> Graph:
    return Graph(bind_namespaces="none")


def _lines(shapes: Graph) -> Lines:
    """Each triple in N-Triples, without the words, which decide nothing."""
    stated = zip(shapes, from_rdflib(shapes), strict=True)
    return {triple: f"{quad.triple} .\n" for triple, quad in stated if triple[1] not in _WORDS}


@cache
def _shapes_of_shapes() -> bytes:
    """What SHACL demands of shapes (its appendix C), as pySHACL brings it along."""
    text = resources.files("pyshacl").joinpath("assets/shacl-shacl.ttl").read_bytes()
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
