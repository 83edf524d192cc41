"""One thing of the graph: what is said of it, by which source, and the words that prove it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from bibgraph.api.citing import Citation
from bibgraph.api.values import Iri, Value, python_value
from bibgraph.describe import Description, Evidence, Statement, reading


@dataclass(frozen=True)
class Said:
    """One statement: of ``thing`` that its ``property`` is ``value``, as ``graphs`` say.

    label, name: what the property and the value are called in the reader's language.
    """

    thing: Iri
    property: Iri
    label: str
    value: Value
    name: str
    graphs: tuple[Iri, ...]


@dataclass(frozen=True)
class Thing:
    """All that the graph says of one thing; ``description`` is the same as the pages are made of."""

    description: Description
    language: str
    cited: Callable[[str, dt.date], Citation]

    @property
    def iri(self) -> Iri:
        """Its address."""
        return Iri(self.description.thing)

    @property
    def name(self) -> str:
        """What it is called in the reader's language."""
        return self.description.names.of(self.description.thing, self.language).text

    @property
    def kinds(self) -> tuple[Iri, ...]:
        """The classes that some source says it is of."""
        return tuple(map(Iri, self.description.kinds))

    @cached_property
    def statements(self) -> tuple[Said, ...]:
        """What is said of it, in reading order: reasoning left out, texts of ours in the nearest language."""
        ordered = reading(self.description.statements, self.description.traits, self.language)
        return self._said(statement for _, said in ordered for statement in said)

    @cached_property
    def incoming(self) -> tuple[Said, ...]:
        """What is said of other things and names it, reasoning left out."""
        return self._said(statement for statement in self.description.incoming if not statement.inferred)

    @property
    def evidence(self) -> Sequence[Evidence]:
        """The quotations that it rests on: the words, the source, lines and page."""
        return self.description.evidence.get(self.description.thing, ())

    def values(self, property_: str) -> list[Value]:
        """What is said of it with a property, by its address, its short form (``bg:number``) or its label."""
        return [
            said.value
            for said in self.statements
            if property_ in (said.property, said.property.short, said.label)
        ]

    def citation(self, accessed: dt.date | None = None) -> Citation:
        """How to cite this description. accessed: the day to name; without it today."""
        return self.cited(self.name, accessed or dt.datetime.now(dt.UTC).date())

    def __repr__(self) -> str:
        return f"<Thing {self.iri.path}: {self.name}>"

    def __str__(self) -> str:
        lines = [f"{self.name} ({self.iri})", *(f"  {said.label}: {said.name}" for said in self.statements)]
        return "\n".join((*lines, *(f"  «{found.words}»" for found in self.evidence)))

    def _said(self, statements: Iterable[Statement]) -> tuple[Said, ...]:
        return tuple(map(self._one, statements))

    def _one(self, statement: Statement) -> Said:
        names, value = self.description.names, python_value(statement.value)
        named = isinstance(statement.value, ox.NamedNode)
        return Said(
            Iri(statement.subject.value),
            Iri(statement.predicate),
            names.of(statement.predicate, self.language).text,
            value,
            names.of(str(value), self.language).text if named else str(value),
            tuple(map(Iri, statement.graphs)),
        )
