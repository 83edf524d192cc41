"""What stands for a finding's blank nodes, whose labels mean nothing: what is stated around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox

from bibgraph.findings import Finding
from bibgraph.validation.terms import show

_Look = Callable[[str], Iterable[ox.Quad]]


def identity(finding: Finding, stated: _Look, owners: _Look) -> str:
    """A finding's blank nodes by what is stated around them; empty if it has none.

    stated: the statements about a node. owners: those that a blank node is the object of.
    """
    blank = [node for node in (finding.thing, finding.value) if node.startswith("_:")]
    around = _Around(stated, owners)
    return " ".join(around.written(node) for node in blank)


class _Around:
    def __init__(self, stated: _Look, owners: _Look) -> None:
        self._stated = stated
        self._owners = owners

    def written(self, node: str) -> str:
        """The owners of a blank node, up to a thing with a name, and what is stated of it; sorted."""
        return f"[{' '.join(sorted(self._above(node, frozenset())))} {self._below(node, frozenset())}]"

    def _above(self, node: str, seen: frozenset[str]) -> list[str]:
        if not node.startswith("_:"):
            return [node]
        owners = self._owners(node) if node not in seen else []
        return [
            f"{above} {quad.predicate}"
            for quad in owners
            for above in self._above(_name(quad.subject), seen | {node})
        ]

    def _below(self, node: str, seen: frozenset[str]) -> str:
        stated = self._stated(node) if node not in seen else []
        parts = {
            f"{quad.predicate} "
            + (
                self._below(show(quad.object), seen | {node})
                if isinstance(quad.object, ox.BlankNode)
                else str(quad.object)
            )
            for quad in stated
        }
        return f"({' ; '.join(sorted(parts))})"


def _name(subject: object) -> str:
    return subject.value if isinstance(subject, ox.NamedNode) else show(subject)
