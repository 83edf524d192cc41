"""What an engine says: one result of SHACL (W3C 2017, section 3.6.2)."""

from __future__ import annotations

from dataclasses import dataclass

from bibgraph.namespaces import SH
from bibgraph.validation.triples import Term

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
