"""What two graphs do not share, in lines that people read."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from bibgraph.namespaces import shorten


def differences(old: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> list[str]:
    """Triples that only one of the two has: ``- subject predicate object`` gone, ``+ …`` come.

    Graph names are not looked at; blank nodes are the same when they say the same (RDFC-1.0). Sorted by
    triple, what is gone before what has come. Empty when the graphs are isomorphic.
    """
    before, after = _triples(old), _triples(new)
    changed = [(triple, "-") for triple in before - after] + [(triple, "+") for triple in after - before]
    changed.sort(
        key=lambda pair: (str(pair[0].subject), str(pair[0].predicate), pair[1] == "+", str(pair[0]))
    )
    return [f"{sign} {' '.join(_short(node) for node in triple)}" for triple, sign in changed]


def _triples(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    dataset = ox.Dataset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset}


def _short(node: object) -> str:
    if isinstance(node, ox.NamedNode):
        short = shorten(node.value)
        return short if short != node.value else str(node)
    if isinstance(node, ox.Literal) and not node.language:
        bare = str(ox.Literal(node.value))
        return bare if bare == str(node) else f"{bare}^^{shorten(node.datatype.value)}"
    return str(node)
