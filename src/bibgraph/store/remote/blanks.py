"""Blank nodes: what shares them must be sent together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyoxigraph as ox


def blank_nodes(quad: ox.Quad) -> list[ox.BlankNode]:
    """Those among subject and object."""
    return [term for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)]


def components(quads: Sequence[ox.Quad], most: int) -> Iterator[list[ox.Quad]]:
    """The quads in lists of at most so many, but those that share blank nodes together.

    All in one list are in the same graphs: Virtuoso fails at several graphs in one template.
    """
    root: dict[ox.BlankNode, ox.BlankNode] = {}

    def find(node: ox.BlankNode) -> ox.BlankNode:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for quad in quads:
        nodes = blank_nodes(quad)
        root[find(nodes[0])] = find(nodes[-1])
    members: dict[ox.BlankNode, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        members[find(blank_nodes(quad)[0])].append(quad)
    kept: dict[frozenset[str], list[ox.Quad]] = defaultdict(list)
    for component in members.values():
        graphs = frozenset(map(_graph, component))
        if kept[graphs] and len(kept[graphs]) + len(component) > most:
            yield sorted(kept.pop(graphs), key=_graph)
        kept[graphs] += component
    yield from (sorted(parts, key=_graph) for parts in kept.values())


def _graph(quad: ox.Quad) -> str:
    return str(quad.graph_name)
