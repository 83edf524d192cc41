"""``sh:lessThan`` and ``sh:lessThanOrEquals`` in pySHACL as the standard has them.

pySHACL gives up on some values that cannot be compared, and so on all shapes; it orders others by their
datatypes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from operator import le, lt
from typing import Any

import pyoxigraph as ox
from pyshacl import shape
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from rdflib import SH, Literal
from rdflib.term import Node

from bibgraph.validation.engines.order import in_order
from bibgraph.validation.triples import Term

_KNOWN = "CONSTRAINT_PARAMS"
_SIGNS = {lt: "<", le: "<="}

Compare = Callable[[Any, Any], bool]


class _LessThan(LessThanConstraintComponent):
    def _compare_lt(self, values: Iterable[Node], others: Iterable[Node], graph: Any, focus: Node) -> Any:  # noqa: ANN401
        return _results(self, lt, values, others, graph, focus)


class _LessThanOrEquals(LessThanOrEqualsConstraintComponent):
    def _compare_ltoe(self, values: Iterable[Node], others: Iterable[Node], graph: Any, focus: Node) -> Any:  # noqa: ANN401
        return _results(self, le, values, others, graph, focus)


@contextmanager
def comparing_as_sparql() -> Iterator[None]:
    """Inside, pySHACL compares values as SPARQL does; and it looks parameters up, not through."""
    components = {
        **CONSTRAINT_PARAMETERS_MAP,
        SH.lessThan: _LessThan,
        SH.lessThanOrEquals: _LessThanOrEquals,
    }
    before = getattr(shape, _KNOWN, None)
    # Where pySHACL keeps which parameters there are, and the component of each.
    setattr(shape, _KNOWN, (components, components))
    try:
        yield
    finally:
        setattr(shape, _KNOWN, before or (None, None))


def _results(
    component: Any,  # noqa: ANN401
    compare: Compare,
    values: Iterable[Node],
    others: Iterable[Node],
    graph: Any,  # noqa: ANN401
    focus: Node,
) -> tuple[bool, list[Any]]:
    """What pySHACL wants of a component: whether there are results, and the results."""
    listed = list(others)
    results = [
        component.make_v_result(graph, focus, value_node=value)
        for value in values
        for other in listed
        if not _holds(compare, value, other)
    ]
    return bool(results), results


def _holds(compare: Compare, one: Node, other: Node) -> bool:
    """Whether the comparison is true in SPARQL; false where it is an error."""
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return False
    if _is_plain(one) and type(one.value) is type(other.value) and one.datatype == other.datatype:
        return compare(one.value, other.value)
    return in_order(_SIGNS[compare], _term(one), _term(other))


def _is_plain(literal: Literal) -> bool:
    """Whether Python compares such values as SPARQL does: whole numbers and days, but not times of day."""
    value = literal.value
    return (type(value) is int or isinstance(value, date)) and not isinstance(value, datetime)


def _term(literal: Literal) -> Term:
    if literal.language:
        return ox.Literal(str(literal), language=literal.language)
    datatype = ox.NamedNode(str(literal.datatype)) if literal.datatype else None
    return ox.Literal(str(literal), datatype=datatype)
