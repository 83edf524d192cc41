"""Which things a shape need not be run over, since nothing can be found there: told before pySHACL is asked.

pySHACL takes some fifty microseconds for each constraint of each thing, and most things have no fault. Here
the plain constraints of SHACL Core are looked at in bulk. What is certainly right is left out; whatever has a
fault, or may have one, is pySHACL's, which gives the verdict, and so is every shape with anything in it that
is not known here to the letter. Tests hold that leaving out changes no result.
"""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox

from bibgraph.namespaces import OWL, RDF, RDFS, SH
from bibgraph.validation.engines.demanding import EACH, ONCE, SILENT, WITH_PATH, Conforms, Test
from bibgraph.validation.engines.valuing import Doubtful, Verdict, count, iri, only, truth
from bibgraph.validation.flatten import TARGETS
from bibgraph.validation.statements import Key, Statements, key
from bibgraph.validation.triples import Term, Triples

_DEEPEST = 5
"""Shapes in shapes; pySHACL gives up at fifteen."""

_NIL = ox.NamedNode(RDF.nil)


class Prover:
    """Looks at things by shapes that are flat, over some statements."""

    def __init__(self, shapes: Triples, statements: Statements) -> None:
        self.shapes = shapes
        self.statements = statements
        self._tests: dict[Term, Conforms] = {}
        self._above: list[Term] = []
        # A shape that is itself a class is its own target.
        self._classes: set[Term] = {ox.NamedNode(RDFS.Class), ox.NamedNode(OWL.Class)}
        self._classes.update(shapes.subjects(RDFS.subClassOf, ox.NamedNode(RDFS.Class)))
        # Constraint components of one's own change the meaning of any shape.
        self._peculiar = bool(shapes.subjects(SH.parameter))

    def doubtful(self, shape: Term) -> list[Key] | None:
        """The things that a shape aims at and that may not conform to it; None if nothing can be told."""
        try:
            if self._peculiar:
                return None
            things = self._aimed_at(shape)
            conforms = self.test_of(shape) if things else None
            return [thing for thing in things if conforms and conforms(thing) is not True]
        except Doubtful:
            return None

    def only_missing(self, shape: Term, things: list[Key]) -> bool:
        """Whether, beyond doubt, all that is wrong with these things is that they have no value at all."""
        try:
            path = key(iri(only(self.shapes.objects(shape, SH.path))))
            least = count(only(self.shapes.objects(shape, SH.minCount)))
            tests = self._demands(shape, SH.minCount)
        except Doubtful:
            return False
        return least > 0 and not any(
            self.statements.values(thing, path) or any(test(thing, []) is not True for test in tests)
            for thing in things
        )

    def test_of(self, shape: Term, *, path: bool | None = None) -> Conforms:
        """The test of a shape, which must have a path, or none, if that is said. Raises Doubtful."""
        if path is not None and self.shapes.has(shape, SH.path) != path:
            raise Doubtful(str(shape))
        if shape not in self._tests:
            if shape in self._above or len(self._above) > _DEEPEST or not self.shapes.about(shape):
                raise Doubtful(str(shape))
            self._above.append(shape)
            try:
                self._tests[shape] = self._made(shape)
            finally:
                self._above.pop()
        return self._tests[shape]

    def members(self, head: Term) -> list[Term]:
        """The members of a list that is not empty. Raises Doubtful for any other."""
        found: list[Term] = []
        cells: set[Term] = {_NIL}
        cell = head
        while cell not in cells:
            cells.add(cell)
            if set(self.shapes.about(cell)) != {RDF.first, RDF.rest}:
                raise Doubtful(str(head))
            found.append(only(self.shapes.objects(cell, RDF.first)))
            cell = only(self.shapes.objects(cell, RDF.rest))
        if cell != _NIL or not found:
            raise Doubtful(str(head))
        return found

    def _aimed_at(self, shape: Term) -> set[Key]:
        if self.shapes.has(shape, SH.target) or not self._classes.isdisjoint(
            self.shapes.objects(shape, RDF.type)
        ):
            raise Doubtful(str(shape))
        found: set[Key] = set()
        for kind in TARGETS:
            for target in map(key, self.shapes.objects(shape, kind)):
                if kind == SH.targetNode:
                    found.add(target)
                elif kind == SH.targetClass:
                    found |= self.statements.instances(target)
                elif kind == SH.targetSubjectsOf:
                    found.update(subject for subject, _ in self.statements.along(target))
                else:
                    found.update(self.statements.into(target))
        return found

    def _made(self, shape: Term) -> Conforms:
        if any(truth(each) for each in self.shapes.objects(shape, SH.deactivated)):
            raise Doubtful(str(shape))
        return _conforms(self._values_along(shape), self._demands(shape))

    def _demands(self, shape: Term, but: str = "") -> list[Test]:
        """The tests of all constraints of a shape, those of one parameter left out."""
        tests: list[Test] = []
        for parameter, values in self.shapes.about(shape).items():
            if parameter in EACH:
                tests += [EACH[parameter](self, shape, value) for value in values]
            elif parameter in ONCE:
                tests.append(ONCE[parameter](self, shape, only(values)))
            elif parameter in WITH_PATH and self.shapes.has(shape, SH.path):
                if parameter != but:
                    tests.append(WITH_PATH[parameter](self, shape, only(values)))
            elif parameter not in SILENT and parameter.startswith(SH):
                raise Doubtful(parameter)
        return tests

    def _values_along(self, shape: Term) -> Callable[[Key], list[Key]] | None:
        """What finds the values of a property shape; None for a node shape."""
        paths = self.shapes.objects(shape, SH.path)
        if not paths:
            return None
        path = only(paths)
        if isinstance(path, ox.NamedNode):
            return self.statements.values_of(key(path))
        inverse = self.shapes.about(path)
        if set(inverse) != {SH.inversePath}:
            raise Doubtful(str(path))
        into = self.statements.into(key(iri(only(inverse[SH.inversePath]))))
        return lambda node: into.get(node, [])


def _conforms(path: Callable[[Key], list[Key]] | None, tests: list[Test]) -> Conforms:
    def conforms(node: Key) -> Verdict:
        values = [node] if path is None else path(node)
        found: Verdict = True
        # By far the most is done here.
        for test in tests:
            verdict = test(node, values)
            if verdict is not True:
                if verdict is False:
                    return False
                found = None
        return found

    return conforms
