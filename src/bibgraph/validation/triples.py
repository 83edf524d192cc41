"""A small graph, such as that of some shapes, in dictionaries: looked up many times as fast as in a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from bibgraph.namespaces import RDF

Subject = ox.NamedNode | ox.BlankNode
Term = Subject | ox.Literal
Triple = tuple[Subject, str, Term]
"""Subject, IRI of the predicate, object."""

_NOTHING: dict[str, list[Term]] = {}


class Triples:
    """Triples, each once, in the order in which they came."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._about: dict[Subject, dict[str, list[Term]]] = {}
        self._into: dict[Term, list[Triple]] | None = None
        for triple in triples:
            self.add(*triple)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Triples:
        """The union of the quads' graphs; statements about statements are left out."""
        return cls(
            (quad.subject, quad.predicate.value, quad.object)
            for quad in quads
            if not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple)
        )

    def copy(self) -> Triples:
        """The same triples in another graph."""
        other = Triples()
        other._about = {
            subject: {predicate: values[:] for predicate, values in stated.items()}
            for subject, stated in self._about.items()
        }
        return other

    def add(self, subject: Subject, predicate: str, value: Term) -> None:
        """Take a triple in."""
        values = self._about.setdefault(subject, {}).setdefault(predicate, [])
        if value not in values:
            values.append(value)
            self._into = None

    def remove(self, subject: Subject, predicate: str) -> None:
        """Take all triples of this subject and predicate out."""
        if self._about.get(subject, _NOTHING).pop(predicate, None):
            self._into = None

    def __iter__(self) -> Iterator[Triple]:
        for subject, stated in self._about.items():
            for predicate, values in stated.items():
                for value in values:
                    yield subject, predicate, value

    def quads(self) -> Iterator[ox.Quad]:
        """The triples as quads of the default graph."""
        for subject, predicate, value in self:
            yield ox.Quad(subject, ox.NamedNode(predicate), value)

    def has(self, subject: Term | None, predicate: str, value: Term | None = None) -> bool:
        """Whether there is such a triple, with any value if None."""
        values = self.objects(subject, predicate)
        return bool(values) if value is None else value in values

    def about(self, subject: Term | None) -> Mapping[str, list[Term]]:
        """What is stated of a subject: values by predicate."""
        return _NOTHING if subject is None or isinstance(subject, ox.Literal) else self._stated(subject)

    def _stated(self, subject: Subject) -> Mapping[str, list[Term]]:
        return self._about.get(subject, _NOTHING)

    def objects(self, subject: Term | None, predicate: str) -> list[Term]:
        """The values of a property, which are not to be changed."""
        return self.about(subject).get(predicate) or []

    def value(self, subject: Term | None, predicate: str) -> Term | None:
        """The first of them; None if there is none."""
        return next(iter(self.objects(subject, predicate)), None)

    def all_subjects(self) -> Iterable[Subject]:
        """The things that something is stated of."""
        return self._about

    def subjects(self, predicate: str, value: Term | None = None) -> list[Subject]:
        """The subjects that have this property, with any value if None."""
        return [
            subject
            for subject, stated in self._about.items()
            if predicate in stated and (value is None or value in stated[predicate])
        ]

    def uses(self, value: Term) -> list[Triple]:
        """The triples that a term is the object of."""
        if self._into is None:
            self._into = {}
            for triple in self:
                self._into.setdefault(triple[2], []).append(triple)
        return list(self._into.get(value, ()))

    def members(self, head: Term | None) -> list[Term]:
        """The members of a list; as far as it goes, if it is none."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head is not None and head not in seen:
            seen.add(head)
            found += self.objects(head, RDF.first)[:1]
            head = self.value(head, RDF.rest)
        return found

    def reached(self, root: Term, passed: Iterable[str] = ()) -> dict[Term, None]:
        """``root`` and all things to which its triples lead, but for those with the predicates ``passed``."""
        left_out = frozenset(passed)
        found, ahead = {root: None}, [root]
        while ahead:
            for predicate, values in self.about(ahead.pop()).items():
                for value in values if predicate not in left_out else ():
                    if not isinstance(value, ox.Literal) and value not in found:
                        found[value] = None
                        ahead.append(value)
        return found


def text_of(term: Term | None) -> str:
    """The characters of a term, without what tells its kind; empty for None."""
    return "" if term is None else term.value


def is_node(term: Term | None, *iris: str) -> bool:
    """Whether a term is the thing with one of these IRIs."""
    return isinstance(term, ox.NamedNode) and term.value in iris
