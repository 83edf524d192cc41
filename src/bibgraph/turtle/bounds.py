"""What a file may not have: it would take memory and time without end, or the process with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from xml.parsers.expat import ExpatError, ParserCreate, errors

import pyoxigraph as ox

from bibgraph.depth import deep_triples
from bibgraph.errors import SourceError
from bibgraph.messages import message

DEEPEST = 1000
"""So many brackets or elements of XML may be open at one time."""

_MOST_ALIKE = 8


def check_bounds(content: bytes, format_: ox.RdfFormat | None, where: str) -> None:
    """Raise SourceError for what is built too deep, and for entities of XML that grow without bound."""
    if format_ == ox.RdfFormat.RDF_XML:
        _check_xml(content, where)
    elif format_ != ox.RdfFormat.JSON_LD and deep_triples(content):
        raise _too_deep(where)


def _check_xml(content: bytes, where: str) -> None:
    depth = 0
    parser = ParserCreate()

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _too_deep(f"{where}:{parser.CurrentLineNumber}")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content, True)  # noqa: FBT003  # it takes no names
    except ExpatError as error:  # the others are told of by the engine
        if errors.messages[error.code] == _GROWS:
            raise SourceError(
                message("The entities in the file make far more of it than it is."),
                where=where,
                hint=message("Write out what they stand for."),
            ) from error


_GROWS = "limit on input amplification factor (from DTD and entities) breached"


def _too_deep(where: str) -> SourceError:
    return SourceError(
        message("The file is built too deep: too much stands in one another."),
        where=where,
        hint=message("Give what stands inside a name of its own, and state it by itself."),
    )


def look_alike(quads: Iterable[ox.Quad]) -> bool:
    """Whether so many blank nodes look alike and are linked that to tell them apart could take for ever."""
    # Few quads have any, and this is looked at whenever files are read.
    found = [
        quad
        for quad in quads
        if isinstance(quad.object, ox.BlankNode) or isinstance(quad.subject, ox.BlankNode)
    ]
    return most_alike(found) > _MOST_ALIKE


def most_alike(quads: Iterable[ox.Quad]) -> int:
    """How many blank nodes that say the same, their blank neighbours aside, are linked with one another."""
    said: dict[str, list[str]] = defaultdict(list)
    links = []
    for quad in quads:
        ends = [
            node.value if isinstance(node, ox.BlankNode) else None for node in (quad.subject, quad.object)
        ]
        subject, value = ends
        if subject:
            said[subject].append(f"> {quad.predicate} {'_' if value else quad.object} {quad.graph_name}")
        if value:
            said[value].append(f"< {quad.predicate} {'_' if subject else quad.subject} {quad.graph_name}")
        if subject and value:
            links.append((subject, value))
    signatures = {node: "\n".join(sorted(lines)) for node, lines in said.items()}
    shared = Counter(signatures.values())
    return _largest((a, b) for a, b in links if shared[signatures[a]] > 1 and shared[signatures[b]] > 1)


def _largest(links: Iterable[tuple[str, str]]) -> int:
    """The size of the largest group of those that are linked."""
    root: dict[str, str] = {}

    def find(node: str) -> str:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for one, other in links:
        root[find(one)] = find(other)
    return max(Counter(find(node) for node in list(root)).values(), default=0)
