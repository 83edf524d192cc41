"""Whether one value comes before another, as SPARQL has it; and ``sh:lessThan`` asked of a store.

Values that cannot be compared are a fault of the data, not of the shapes: a text where a date should be, or a
date that is none (SHACL, sections 4.5.3 and 4.5.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.namespaces import RDF, RDFS, SH, XSD
from bibgraph.validation.results import Result
from bibgraph.validation.stated import Asked, Stated
from bibgraph.validation.triples import Subject, Term, Triples, text_of

SIGNS = {SH.lessThan: "<", SH.lessThanOrEquals: "<="}
_COMPONENTS = {
    SH.lessThan: SH.LessThanConstraintComponent,
    SH.lessThanOrEquals: SH.LessThanOrEqualsConstraintComponent,
}
_AS_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d")
_NOTHING = ox.Store()
_TARGETS = {
    SH.targetNode: "VALUES ?this {{ {values} }}",
    SH.targetSubjectsOf: "VALUES ?along {{ {values} }} ?this ?along ?any",
    SH.targetObjectsOf: "VALUES ?along {{ {values} }} ?any ?along ?this",
    SH.targetClass: "VALUES ?class {{ {values} }} ?this a ?class",
}


def in_order(sign: str, one: object, other: object) -> bool:
    """Whether the comparison, ``<`` or ``<=``, is true; false where it is an error."""
    if not isinstance(one, ox.Literal) or not isinstance(other, ox.Literal):
        return False
    return bool(_NOTHING.query(f"ASK {{ FILTER ({one} {sign} {other}) }}"))


@dataclass(frozen=True)
class Comparison:
    """A property shape that demands that its values come before those of another property."""

    shape: Subject
    kind: str
    path: ox.NamedNode
    other: ox.NamedNode
    severity: str
    targets: tuple[tuple[str, Term], ...]

    def results(self, data: Stated, _: Triples | None = None) -> Iterator[Result]:
        """The values that do not."""
        found = {(row["this"], row["value"]) for row in data.asked.rows(self._query(data.asked))}
        # The store may write a number otherwise than the data do.
        unsure = {focus for focus, value in found if not _is_as_written(value)}
        found = {each for each in found if each[0] not in unsure}
        for focus, value in (*found, *self._exactly(data, unsure)):
            component = _COMPONENTS[self.kind]
            yield Result(component, self.severity, self.shape, focus, self.path, value)

    def _query(self, data: Asked) -> str:
        aimed: dict[str, set[Term]] = {}
        for kind, target in self.targets:
            aimed.setdefault(kind, set()).update(
                and_below(target, data) if kind == SH.targetClass else [target]
            )
        choices = " UNION ".join(
            f"{{ {_TARGETS[kind].format(values=' '.join(sorted(map(str, values))))} }}"
            for kind, values in sorted(aimed.items())
        )
        # Oxigraph has ``<=`` true of an IRI and itself, where SPARQL 1.1 (17.3) has an error.
        return (
            f"SELECT DISTINCT ?this ?value {{ {choices} ?this {self.path} ?value ; {self.other} ?other . "
            f"FILTER (!isLiteral(?value) || !COALESCE(?value {SIGNS[self.kind]} ?other, false)) }}"
        )

    def _exactly(self, data: Stated, foci: Iterable[Term]) -> set[tuple[Term, Term]]:
        found = set()
        for focus in foci:
            stated = [(quad.predicate, quad.object) for quad in data.about(focus)]
            others = [value for along, value in stated if along == self.other]
            for along, value in stated:
                if along == self.path and not isinstance(value, ox.Triple):
                    late = [each for each in others if not in_order(SIGNS[self.kind], value, each)]
                    found |= {(focus, value)} if late else set()
        return found


def take_out(shapes: Triples, roots: Iterable[Subject]) -> list[Comparison]:
    """The comparisons that these shapes, which nothing refers to, demand; ``shapes`` loses them."""
    found = []
    for root in roots:
        demands = [(kind, each) for kind in SIGNS for each in shapes.objects(root, kind)]
        if demands and _is_simple(shapes, root, [other for _, other in demands]):
            found += [_comparison(shapes, root, kind, other) for kind, other in demands]
    for each in found:
        shapes.remove(each.shape, each.kind)
    return found


def _is_simple(shapes: Triples, root: Subject, others: Iterable[Term]) -> bool:
    paths = shapes.objects(root, SH.path)
    targets = [target for kind in _TARGETS for target in shapes.objects(root, kind)]
    return (
        len(paths) == 1
        and all(isinstance(each, ox.NamedNode) for each in (*paths, *others, *targets))
        and not shapes.uses(root)
        and not shapes.has(root, RDF.type, ox.NamedNode(RDFS.Class))
        and not shapes.has(root, SH.deactivated)
        and not shapes.has(root, SH.target)
    )


def _comparison(shapes: Triples, root: Subject, kind: str, other: Term) -> Comparison:
    path = shapes.value(root, SH.path)
    if not isinstance(path, ox.NamedNode) or not isinstance(other, ox.NamedNode):
        raise TypeError(f"{root} is not simple")
    targets = tuple((each, target) for each in _TARGETS for target in shapes.objects(root, each))
    severity = text_of(shapes.value(root, SH.severity)) or SH.Violation
    return Comparison(root, kind, path, other, severity, targets)


def and_below(target: Term, data: Asked) -> set[Term]:
    """A class and those below it."""
    found, ahead = {target}, [target]
    while ahead:
        for below in data.subjects(RDFS.subClassOf, ahead.pop()):
            if below not in found:
                found.add(below)
                ahead.append(below)
    return found


def _is_as_written(value: Term) -> bool:
    """Whether the store writes such a value as the data do, and no two of them alike."""
    if not isinstance(value, ox.Literal) or value.language:
        return True
    return bool(_AS_WRITTEN.fullmatch(value.value)) or value.datatype.value in (XSD.string, XSD.anyURI)
