"""Shapes that refer to themselves, about which the standard leaves engines free (SHACL, section 3.4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from bibgraph.namespaces import SH
from bibgraph.validation.triples import Term, Triples

_ONE = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_SEVERAL = (SH["and"], SH["or"], SH.xone)


def is_recursive(shapes: Triples) -> bool:
    """Whether a shape refers to itself, by way of others perhaps."""
    done: set[Term] = set()
    for predicate in (*_ONE, *_SEVERAL):
        for shape in shapes.subjects(predicate):
            if _comes_back(shapes, shape, done):
                return True
    return False


def _comes_back(shapes: Triples, root: Term, done: set[Term]) -> bool:
    """Whether one goes from ``root`` to a shape that one is still within; done: those that need no look."""
    path: dict[Term, Iterator[Term]] = {} if root in done else {root: _parts(shapes, root)}
    while path:
        part = next(next(reversed(path.values())), None)
        if part is None:
            done.add(path.popitem()[0])
        elif part in path:
            return True
        elif part not in done:
            path[part] = _parts(shapes, part)
    return False


def _parts(shapes: Triples, shape: Term) -> Iterator[Term]:
    for predicate in _ONE:
        yield from shapes.objects(shape, predicate)
    for predicate in _SEVERAL:
        for head in shapes.objects(shape, predicate):
            yield from shapes.members(head)
