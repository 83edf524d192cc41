"""What a shape means for one value, worked out here and not by an engine that is to be put to the test."""

from __future__ import annotations

import re
from collections.abc import Callable

from rdflib import RDF, RDFS, SH, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from mutation.world import Stated, World


class Meaning:
    """Judges single constraints."""

    def __init__(self, world: World) -> None:
        self._world = world

    def holds(self, constraint: Node, demand: Node, value: Node, stated: Stated | None = None) -> bool:
        """Whether ``value`` meets one constraint of a shape; stated: what is said of it, if not in the world.

        Raises KeyError for a constraint that is not about single values.
        """
        said = self._stated(value) if stated is None else stated
        if constraint in _OF_SHAPES:
            shapes = self._world.members(demand) if constraint in _LISTS else [demand]
            return _OF_SHAPES[constraint]([self.conforms(each, value, said) for each in shapes])
        if constraint == SH["class"]:
            types = [each for predicate, each in said if predicate == RDF.type]
            return any(
                demand in self._world.graph.transitive_objects(each, RDFS.subClassOf) for each in types
            )
        if constraint in (SH["in"], SH.languageIn):
            members = self._world.members(demand)
            return (
                value in members
                if constraint == SH["in"]
                else any(speaks(value, str(each)) for each in members)
            )
        return _OF_TERMS[constraint](value, demand)

    def conforms(self, shape: Node, value: Node, stated: Stated | None = None) -> bool:
        """Whether ``value`` meets all of a condition."""
        said = self._stated(value) if stated is None else stated
        path = self._world.shapes.value(shape, SH.path)
        if path is not None:
            return self._has(shape, [each for predicate, each in said if predicate == path])
        return all(
            self.conforms(demand, value, said)
            if constraint == SH.property
            else self.holds(constraint, demand, value, said)
            for constraint, demand in self._world.shapes.predicate_objects(shape)
            if constraint != RDF.type
        )

    def _has(self, shape: Node, values: list[Node]) -> bool:
        for constraint, demand in self._world.shapes.predicate_objects(shape):
            if constraint == SH.minCount and len(values) < int(str(demand)):
                return False
            if constraint == SH.maxCount and len(values) > int(str(demand)):
                return False
            if constraint == SH.hasValue and demand not in values:
                return False
            if constraint in _OF_EACH and not all(self.holds(constraint, demand, each) for each in values):
                return False
        return True

    def _stated(self, value: Node) -> Stated:
        if isinstance(value, Literal):
            return ()
        pairs = self._world.graph.predicate_objects(value)
        return tuple((URIRef(str(predicate)), each) for predicate, each in pairs)


def speaks(value: Node, language: str) -> bool:
    """Whether a text is in a language, in the sense of SPARQL's langMatches."""
    tag = (value.language or "").lower() if isinstance(value, Literal) else ""
    return tag == language.lower() or tag.startswith(f"{language.lower()}-")


def is_of(value: Literal, datatype: Node) -> bool:
    """Whether a literal has the datatype, and a form that the datatype allows."""
    actual = value.datatype or (RDF.langString if value.language else XSD.string)
    return actual == datatype and not value.ill_typed


_KINDS: dict[Node, tuple[type, ...]] = {
    SH.IRI: (URIRef,),
    SH.Literal: (Literal,),
    SH.BlankNode: (BNode,),
    SH.BlankNodeOrIRI: (BNode, URIRef),
    SH.IRIOrLiteral: (URIRef, Literal),
    SH.BlankNodeOrLiteral: (BNode, Literal),
}
_OF_SHAPES: dict[Node, Callable[[list[bool]], bool]] = {
    SH["and"]: all,
    SH["or"]: any,
    SH.xone: lambda met: met.count(True) == 1,
    SH["not"]: lambda met: not any(met),
    SH.node: all,
}
_LISTS = {SH["and"], SH["or"], SH.xone}
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)


def _adds_up(value: Node) -> bool:
    """Whether the digits of an organisation number, weighted, add up to a multiple of eleven."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, str(value), strict=True)) % 11 == 0


_QUERIES = {"modulus-11": _adds_up}
"""What the queries of shapes ask, by their names."""

_OF_TERMS: dict[Node, Callable[[Node, Node], bool]] = {
    SH.datatype: lambda value, demand: isinstance(value, Literal) and is_of(value, demand),
    SH.nodeKind: lambda value, demand: isinstance(value, _KINDS[demand]),
    SH.sparql: lambda value, demand: _QUERIES[str(demand).rpartition("#")[2].rpartition("/")[2]](value),
    SH.pattern: lambda value, demand: (
        not isinstance(value, BNode) and re.search(str(demand), str(value)) is not None
    ),
}
_OF_EACH = {*_OF_SHAPES, *_OF_TERMS, SH["class"], SH["in"], SH.languageIn}
