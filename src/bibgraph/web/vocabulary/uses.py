"""How the data uses the terms of an ontology: how often, on what, leading to what, and by whom first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bibgraph.describe import Describer, select, value_of
from bibgraph.namespaces import ONTOLOGY, RDF, THINGS
from bibgraph.web.pictures.layers import Edge

MOST_PAIRS = 4
"""A property that joins more pairs of classes than these is too general to be drawn as lines."""
_TYPE = str(RDF.type)


@dataclass(frozen=True)
class Use:
    """Things of one class have a property: how many things, how many statements, and one of the things."""

    kind: str
    property: str
    things: int
    statements: int
    one: str


@dataclass(frozen=True)
class Joint:
    """A property leads from things of one class to things of another, so many times."""

    start: str
    property: str
    end: str
    uses: int


@dataclass(frozen=True)
class Uses:
    """All uses in the data, what follows by reasoning left out."""

    rows: Sequence[Use]
    joints: Sequence[Joint]
    stated: dict[str, int]

    @classmethod
    def of(cls, describer: Describer, properties: Sequence[str]) -> Uses:
        """The uses in a graph, with the count of statements by each of ``properties``."""

        def ask(name: str) -> Iterator[dict[str, str]]:
            for row in select(describer.store, describer.repository.query(f"pages/page-ontology-{name}")):
                yield {key: value_of(term) for key, term in row.items()}

        rows = [
            Use(row["class"], row["property"], int(row["things"]), int(row["statements"]), row["one"])
            for row in ask("uses")
        ]
        joints = [
            Joint(row["from"], row["property"], row["to"], int(row["uses"]))
            for row in ask("links")
            if row["property"] != _TYPE
        ]
        counted = describer.about("pages/page-ontology-statements", "thing", properties)
        return cls(rows, joints, {value_of(row["thing"]): int(value_of(row["uses"])) for row in counted})

    @cached_property
    def things(self) -> dict[str, int]:
        """How many things there are of each class."""
        return {use.kind: use.things for use in self.rows if use.property == _TYPE}

    def count(self, iri: str) -> int:
        """How many things are of a class, or how often a property is stated."""
        return self.things.get(iri, 0) or self.stated.get(iri, 0)

    def properties(self, kind: str) -> dict[str, Use]:
        """What things of a class have, by property; their class left out."""
        return {use.property: use for use in self.rows if use.kind == kind and use.property != _TYPE}

    def kinds(self, property_: str) -> list[Use]:
        """The classes whose things have a property, the commonest first."""
        return sorted((use for use in self.rows if use.property == property_), key=lambda use: -use.things)

    def ends(self, property_: str, start: str = "") -> list[str]:
        """The classes that a property leads to, from things of one class if that is given."""
        found = (
            joint.end for joint in self.joints if joint.property == property_ and start in ("", joint.start)
        )
        return sorted(set(found))

    def example(self, iri: str) -> str:
        """One thing of a class, or one that has a property; empty if there is none."""
        found = (
            use.one for use in self.rows if iri == use.property or (iri, _TYPE) == (use.kind, use.property)
        )
        return min((one for one in found if one.startswith(str(THINGS))), default="")

    def drawn(self) -> dict[Edge, list[str]]:
        """What a diagram shows: properties from our own classes to others, very general ones left out."""
        pairs: dict[str, set[Edge]] = defaultdict(set)
        for joint in self.joints:
            pairs[joint.property].add((joint.start, joint.end))
        found: dict[Edge, list[str]] = defaultdict(list)
        for joint in self.joints:
            if len(pairs[joint.property]) <= MOST_PAIRS and joint.start.startswith(str(ONTOLOGY)):
                found[joint.start, joint.end].append(joint.property)
        return dict(found)

    def general(self) -> list[str]:
        """The properties that ``drawn`` leaves out."""
        shown = {property_ for properties in self.drawn().values() for property_ in properties}
        own = {joint.property for joint in self.joints if joint.start.startswith(str(ONTOLOGY))}
        return sorted(own - shown)
