"""Places for the boxes of a diagram, in columns from left to right (after Sugiyama, Tagawa and Toda, 1981).

Edges that would close a circle are turned while the columns are found; an edge over several columns passes
through a place of its own in each, so that it does not run under boxes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12

Edge = tuple[str, str]
Node = str | tuple[Edge, int]


@dataclass(frozen=True)
class Layout:
    """Columns and rows of nodes, and the places that each edge passes, both ends included.

    Rows are numbers with fractions; two nodes of one column are at least one row apart.
    """

    places: Mapping[str, tuple[int, float]]
    routes: Mapping[Edge, Sequence[tuple[int, float]]]
    columns: int
    rows: float


def arrange(nodes: Sequence[str], edges: Iterable[Edge]) -> Layout:
    """A layout of the nodes. Edges from a node to itself, or to no node, are passed over."""
    known = set(nodes)
    kept = [edge for edge in dict.fromkeys(edges) if edge[0] != edge[1] and known.issuperset(edge)]
    turned = _circles(nodes, kept)
    downward = {edge: edge[::-1] if edge in turned else edge for edge in kept}
    ranks = _ranks(nodes, set(downward.values()))
    chains = {edge: _chain(edge, one, ranks) for edge, one in downward.items()}
    columns = _columns(nodes, ranks, chains.values())
    rows = _rows(columns, _neighbours(chains.values()))
    column = {node: number for number, members in enumerate(columns) for node in members}
    routes = {}
    for edge, chain in chains.items():
        way = [(column[node], rows[node]) for node in chain]
        routes[edge] = way[::-1] if edge in turned else way
    return Layout(
        places={node: (column[node], rows[node]) for node in nodes},
        routes=routes,
        columns=len(columns),
        rows=max(rows.values(), default=0.0) + 1,
    )


def _circles(nodes: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """Edges that lead back to where a walk came from."""
    after: dict[str, list[str]] = defaultdict(list)
    for start, end in edges:
        after[start].append(end)
    found: set[Edge] = set()
    done: set[str] = set()

    def walk(node: str, way: frozenset[str]) -> None:
        for other in after[node]:
            if other in way:
                found.add((node, other))
            elif other not in done:
                walk(other, way | {other})
        done.add(node)

    for node in nodes:
        if node not in done:
            walk(node, frozenset((node,)))
    return found


def _ranks(nodes: Sequence[str], edges: set[Edge]) -> dict[str, int]:
    """The column of each node: as far right as the longest way to it asks, then near what it leads to."""
    before, after = defaultdict(set), defaultdict(set)
    for start, end in edges:
        before[end].add(start)
        after[start].add(end)
    ranks: dict[str, int] = {}

    def rank(node: str) -> int:
        if node not in ranks:
            ranks[node] = max((rank(other) + 1 for other in before[node]), default=0)
        return ranks[node]

    for node in nodes:
        rank(node)
    for node in sorted(nodes, key=lambda node: -ranks[node]):
        if after[node] and not before[node]:
            ranks[node] = min(ranks[other] for other in after[node]) - 1
    return ranks


def _chain(edge: Edge, one: Edge, ranks: Mapping[str, int]) -> list[Node]:
    between: list[Node] = [(edge, rank) for rank in range(ranks[one[0]] + 1, ranks[one[1]])]
    return [one[0], *between, one[1]]


def _columns(
    nodes: Sequence[str], ranks: Mapping[str, int], chains: Iterable[Sequence[Node]]
) -> list[list[Node]]:
    columns: list[list[Node]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for node in nodes:
        columns[ranks[node]].append(node)
    for chain in chains:
        for passed in chain[1:-1]:
            columns[int(passed[1])].append(passed)
    return columns


def _neighbours(chains: Iterable[Sequence[Node]]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = defaultdict(list)
    for chain in chains:
        for one, other in pairwise(chain):
            found[one].append(other)
            found[other].append(one)
    return found


def _rows(columns: Sequence[list[Node]], neighbours: Mapping[Node, Sequence[Node]]) -> dict[Node, float]:
    """A row for each: by turns, every column is put in the order of its neighbours' rows."""
    rows: dict[Node, float] = {node: float(row) for members in columns for row, node in enumerate(members)}
    for sweep in range(_SWEEPS):
        for members in columns if sweep % 2 else reversed(columns):
            wanted = {
                node: _mean([rows[one] for one in neighbours.get(node, ())], rows[node]) for node in members
            }
            members.sort(key=lambda node: wanted[node])
            _spread(members, wanted, rows)
    least = min(rows.values(), default=0.0)
    return {node: row - least for node, row in rows.items()}


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _spread(members: Sequence[Node], wanted: Mapping[Node, float], rows: dict[Node, float]) -> None:
    """Rows as near as may be to those wanted, one apart: the mean of being pushed down and pushed up."""
    down: list[float] = []
    for node in members:
        down.append(max(wanted[node], down[-1] + 1 if down else wanted[node]))
    up: list[float] = []
    for node in reversed(members):
        up.append(min(wanted[node], up[-1] - 1 if up else wanted[node]))
    for node, low, high in zip(members, down, reversed(up), strict=True):
        rows[node] = (low + high) / 2
