"""What stands for a finding's blank nodes, whose labels mean nothing: what is stated around them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import pyoxigraph as ox

from bibgraph.findings import Finding
from bibgraph.validation.terms import show

_Look = Callable[[str], Iterable[ox.Quad]]

_STEPS = 30
"""So far from a node is looked: the whole way along a long list takes too long, and too much of the stack."""

_FARTHER = "…"
_LONGEST = 10_000
"""What is told of a node in more characters than these is hashed: where many ways meet, it would grow."""


def identity(finding: Finding, stated: _Look, owners: _Look) -> str:
    """A finding's blank nodes by what is stated around them, some steps far; empty if it has none.

    stated: the statements about a node. owners: those that a blank node is the object of.
    """
    blank = [node for node in (finding.thing, finding.value) if node.startswith("_:")]
    around = _Around(stated, owners)
    return " ".join(around.written(node) for node in blank)


class _Around:
    def __init__(self, stated: _Look, owners: _Look) -> None:
        self._stated = stated
        self._owners = owners
        self._ways: dict[tuple[str, int], list[str]] = {}
        self._contents: dict[tuple[str, int], str] = {}

    def written(self, node: str) -> str:
        """The owners of a blank node, up to a thing with a name, and what is stated of it; sorted."""
        return f"[{' '.join(sorted(self._above(node, _STEPS)))} {self._below(node, _STEPS)}]"

    def _above(self, node: str, steps: int) -> list[str]:
        if not node.startswith("_:"):
            return [node]
        if not steps:
            return [_FARTHER]
        if (node, steps) not in self._ways:
            ways = [
                f"{above} {quad.predicate}"
                for quad in self._owners(node)
                for above in self._above(_name(quad.subject), steps - 1)
            ]
            told = " ".join(sorted(ways))
            self._ways[node, steps] = ways if len(told) <= _LONGEST else [_short(told)]
        return self._ways[node, steps]

    def _below(self, node: str, steps: int) -> str:
        if not steps:
            return _FARTHER
        if (node, steps) not in self._contents:
            parts = {
                f"{quad.predicate} "
                + (
                    self._below(show(quad.object), steps - 1)
                    if isinstance(quad.object, ox.BlankNode)
                    else str(quad.object)
                )
                for quad in self._stated(node)
            }
            self._contents[node, steps] = _short(f"({' ; '.join(sorted(parts))})")
        return self._contents[node, steps]


def _short(told: str) -> str:
    return told if len(told) <= _LONGEST else hashlib.sha256(told.encode()).hexdigest()


def _name(subject: object) -> str:
    return subject.value if isinstance(subject, ox.NamedNode) else show(subject)
