"""Blank nodes named by what they say and where they hang, so that their names outlive changes elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from bibgraph.namespaces import RDF

_REST = str(RDF.rest)
_CYCLE = "cycle"
_LENGTH = 16
_STEPS = 20
_NAME = re.compile(rf"_:\w*x([0-9a-f]{{{_LENGTH}}})x[0-9]+")

Edges = dict[ox.BlankNode, list[tuple[str, object]]]


def name_blank_nodes(quads: Iterable[ox.Quad], scope: str) -> list[ox.Quad]:
    """The same quads in the same order, their blank nodes named after ``scope``, contents and owners.

    A change of one thing leaves the names of the blank nodes of all other things as they were, which the
    numbers of RDFC-1.0 do not. Nodes that say the same in the same place are numbered in order of reading.
    """
    quads = list(quads)
    nodes = list(dict.fromkeys(node for quad in quads for node in quad if isinstance(node, ox.BlankNode)))
    if not nodes:
        return quads
    names = _names(nodes, quads, scope)

    def named(node: Any) -> Any:  # noqa: ANN401  # any kind of term in, the same kind out
        return names.get(node, node) if isinstance(node, ox.BlankNode) else node

    return [
        ox.Quad(named(quad.subject), quad.predicate, named(quad.object), named(quad.graph_name))
        if any(isinstance(node, ox.BlankNode) for node in (quad.subject, quad.object, quad.graph_name))
        else quad
        for quad in quads
    ]


def without_scope(text: str) -> str:
    """``text`` with the names of blank nodes in it cut down to what they say and where they hang."""
    return _NAME.sub(r"_:\1", text)


def owners(quads: Iterable[ox.Quad]) -> dict[str, frozenset[str]]:
    """For each blank node, by label: the IRIs that lead to it over blank nodes; itself if there are none."""
    above: dict[str, set[ox.NamedNode | ox.BlankNode]] = {}
    for quad in quads:
        for node in (quad.subject, quad.object):
            if isinstance(node, ox.BlankNode):
                above.setdefault(node.value, set())
        if isinstance(quad.object, ox.BlankNode) and not isinstance(quad.subject, ox.Triple):
            above[quad.object.value].add(quad.subject)
    return {label: _named_above(label, above) for label in above}


def _named_above(label: str, above: Mapping[str, set[ox.NamedNode | ox.BlankNode]]) -> frozenset[str]:
    found: set[str] = set()
    seen, ahead = {label}, [label]
    while ahead:
        for node in above[ahead.pop()]:
            if isinstance(node, ox.NamedNode):
                found.add(node.value)
            elif node.value not in seen:
                seen.add(node.value)
                ahead.append(node.value)
    return frozenset(found) or frozenset({f"_:{label}"})


def _names(nodes: list[ox.BlankNode], quads: list[ox.Quad], scope: str) -> dict[ox.BlankNode, ox.BlankNode]:
    out: Edges = {node: [] for node in nodes}
    into: Edges = {node: [] for node in nodes}
    for quad in quads:
        predicate = quad.predicate.value
        if isinstance(quad.subject, ox.BlankNode):
            out[quad.subject].append((predicate, quad.object))
        if isinstance(quad.object, ox.BlankNode):
            # A place in a list is no name: it shifts with every member before it.
            into[quad.object].append(("" if predicate == _REST else predicate, quad.subject))
    contents, places = dict(_digests(out, into)), dict(_digests(into, out))
    contents |= _refined(out, contents)
    met: Counter[str] = Counter()
    names = {}
    for node in nodes:
        key = f"{contents[node]} {places.get(node, _CYCLE)}"
        names[node] = ox.BlankNode(f"{scope}x{_digest(key)}x{met[key]}")
        met[key] += 1
    return names


def _digests(edges: Edges, back: Edges) -> Iterator[tuple[ox.BlankNode, str]]:
    """A digest of all that can be reached over ``edges``; none for nodes from which a cycle is reached."""
    digests: dict[ox.BlankNode, str] = {}
    waiting = {
        node: sum(isinstance(other, ox.BlankNode) for _, other in along) for node, along in edges.items()
    }
    ready = [node for node, count in waiting.items() if not count]
    while ready:
        node = ready.pop()
        digests[node] = _combined(edges[node], digests)
        yield node, digests[node]
        for _, other in back[node]:
            if isinstance(other, ox.BlankNode):
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)


def _refined(out: Edges, known: Mapping[ox.BlankNode, str]) -> dict[ox.BlankNode, str]:
    """Digests of nodes from which a cycle is reached: what they say up to some steps away."""
    digests = {node: _CYCLE for node in out if node not in known}
    for _ in range(min(len(digests), _STEPS)):
        before = {**known, **digests}
        digests = {node: _combined(out[node], before) for node in digests}
    return digests


def _combined(along: list[tuple[str, object]], digests: Mapping[ox.BlankNode, str]) -> str:
    return _digest(
        "\n".join(
            sorted(
                f"{predicate} {digests[other] if isinstance(other, ox.BlankNode) else other}"
                for predicate, other in along
            )
        )
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
