"""What an engine says: one result of SHACL (W3C 2017, section 3.6.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bibgraph.namespaces import SH
from bibgraph.validation.stated import Stated
from bibgraph.validation.triples import Term, Triples

_COMPONENT = "ConstraintComponent"


@dataclass(frozen=True)
class Result:
    """A result, in terms of data and shapes.

    component, severity: IRIs. shape, constraint: ``sh:sourceShape`` and, of SPARQL, ``sh:sourceConstraint``.
    messages: None if the engine does not say, which are then those of the shape.
    """

    component: str
    severity: str
    shape: Term
    focus: Term
    path: Term | None = None
    value: Term | None = None
    constraint: Term | None = None
    messages: tuple[Term, ...] | None = None

    @property
    def kind(self) -> str:
        """The name of a component of the standard, such as ``MinCount``; empty for any other."""
        if self.component.startswith(SH) and self.component.endswith(_COMPONENT):
            return self.component.removeprefix(SH).removesuffix(_COMPONENT)
        return ""


class Question(Protocol):
    """What is to be asked of a store."""

    def results(self, data: Stated, shapes: Triples) -> Iterable[Result]:
        """The results of asking it."""


@dataclass(frozen=True)
class Begun:
    """What an engine has found in the statements by themselves, and what it leaves to be asked of a store.

    unusable: why the shapes cannot be run, if they cannot.
    """

    results: list[Result]
    left: tuple[Question, ...] = ()
    unusable: str = ""

    def ended(self, data: Stated, shapes: Triples) -> list[Result]:
        """All results. Raises as ``Engine.begin``."""
        return [*self.results, *(result for each in self.left for result in each.results(data, shapes))]
