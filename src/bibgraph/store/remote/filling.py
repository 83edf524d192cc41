"""Requests that fill a service: by the Graph Store Protocol, a graph at a time, or by SPARQL Update."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from urllib.parse import quote
from urllib.request import Request

import pyoxigraph as ox

from bibgraph.sparql import in_sparql
from bibgraph.store.remote.blanks import blank_nodes, components
from bibgraph.store.remote.contents import LOADED, UNION, Contents
from bibgraph.store.remote.requests import update_request

MOST_TRIPLES = 500
"""So many triples go into one update of several; Virtuoso is near its end with 2000."""
MOST_AT_ONCE = 16 * 1024 * 1024
"""A larger update, in bytes, is not tried in one piece."""


@dataclass(frozen=True)
class Step:
    """One request: what it does (PUT, DELETE, INSERT, DROP), to which graphs, with how many triples.

    repeatable: sent twice, it has the effect it has once. fine: statuses of failures that are none.
    """

    action: str
    graphs: tuple[str, ...]
    triples: int
    request: Request
    repeatable: bool = True
    fine: tuple[int, ...] = ()


class GraphStore:
    """SPARQL 1.1 Graph Store HTTP Protocol, with the graph named in the address.

    A blank node that several graphs share becomes one of each graph's own.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def begin(self, contents: Contents) -> Step:
        """Tell readers that the service is being filled."""
        return self._put(LOADED, contents.triples())

    def end(self, contents: Contents) -> Step:
        """Tell readers what the service holds."""
        return self._put(LOADED, contents.triples())

    def replace(self, graphs: Iterable[str], quads: Iterable[ox.Quad]) -> Iterator[Step]:
        """Give each of ``graphs`` the triples that ``quads`` has for it; a graph without any is removed."""
        by_graph: dict[str, list[ox.Triple]] = defaultdict(list)
        for quad in quads:
            by_graph[_name(quad)].append(quad.triple)
        for graph in graphs:
            triples = by_graph.pop(graph, None)
            if triples:
                yield self._put(graph, triples)
            else:
                request = Request(self._address(graph), method="DELETE")  # noqa: S310  # checked as a setting
                yield Step("DELETE", (graph,), 0, request, fine=(HTTPStatus.NOT_FOUND,))

    def _put(self, graph: str, triples: Sequence[ox.Triple]) -> Step:
        body = "".join(f"{triple} .\n" for triple in triples).encode()
        # N-Triples by another name: every service reads Turtle.
        headers = {"Content-Type": "text/turtle; charset=utf-8"}
        request = Request(self._address(graph), data=body, method="PUT", headers=headers)  # noqa: S310  # likewise
        return Step("PUT", (graph,), len(triples), request)

    def _address(self, graph: str) -> str:
        return f"{self.url}{'&' if '?' in self.url else '?'}graph={quote(graph, safe='')}"


class Updates:
    """SPARQL 1.1 Update, in pieces that every service takes."""

    def __init__(self, url: str) -> None:
        self.url = url

    def begin(self, contents: Contents) -> Step:
        """Tell readers that the service is being filled."""
        return Step("INSERT", (LOADED,), 0, update_request(self.url, _begin(contents)))

    def end(self, contents: Contents) -> Step:
        """Tell readers what the service holds."""
        return Step("INSERT", (LOADED,), 0, update_request(self.url, _end(contents)))

    def replace(self, graphs: Iterable[str], quads: Iterable[ox.Quad]) -> Iterator[Step]:
        """Give ``graphs`` the triples that ``quads`` has for them, and no others."""
        names = tuple(graphs)
        yield Step("DROP", names, 0, update_request(self.url, _drop(names)))
        ground, blank = _parted(quads)
        for start in range(0, len(ground), MOST_TRIPLES):
            chunk = ground[start : start + MOST_TRIPLES]
            yield self._insert(chunk, _data(chunk), repeatable=True)
        copied: dict[str, None] = {}
        for component in components(blank, MOST_TRIPLES):
            inside = [quad for quad in component if _name(quad) != UNION]
            yield self._insert(component, _with_blank_nodes(inside or component), repeatable=False)
            copied.update(dict.fromkeys(map(_name, inside)))
        for name in copied:
            yield Step("INSERT", (UNION,), 0, update_request(self.url, _copy(name)))

    def _insert(self, quads: Sequence[ox.Quad], text: str, *, repeatable: bool) -> Step:
        names = tuple(dict.fromkeys(_name(quad) for quad in quads))
        return Step("INSERT", names, len(quads), update_request(self.url, text), repeatable)


def at_once(
    url: str, graphs: Iterable[str], quads: Iterable[ox.Quad], marks: tuple[Contents, Contents]
) -> Step | None:
    """All of it as one update, which many services run as one transaction; None if it is too large.

    marks: what readers are told before and after.
    """
    names, listed = tuple(graphs), list(quads)
    ground, blank = _parted(listed)
    inserts = [*([_data(ground)] if ground else []), *([_with_blank_nodes(blank)] if blank else [])]
    text = " ;\n".join((_begin(marks[0]), _drop(names), *inserts, _end(marks[1])))
    if len(text) > MOST_AT_ONCE:
        return None
    # Dropped first, so that a second time has no more effect than the first, blank nodes included.
    return Step("INSERT", names, len(listed), update_request(url, text))


def _begin(contents: Contents) -> str:
    return f"INSERT DATA {{ GRAPH <{LOADED}> {{\n{_lines(contents.triples())}}} }}"


def _end(contents: Contents) -> str:
    old = f"GRAPH <{LOADED}> {{ <{LOADED}> ?property ?value }}"
    new = f"GRAPH <{LOADED}> {{\n{_lines(contents.triples())}}}"
    return f"DELETE {{ {old} }}\nINSERT {{ {new} }}\nWHERE {{ {old} }}"


def _copy(graph: str) -> str:
    """The update that copies what has blank nodes into the union, with these same nodes."""
    said = "?subject ?property ?value"
    return (
        f"INSERT {{ GRAPH <{UNION}> {{ {said} }} }}\n"
        f"WHERE {{ GRAPH <{graph}> {{ {said} FILTER (isBlank(?subject) || isBlank(?value)) }} }}"
    )


def _name(quad: ox.Quad) -> str:
    if not isinstance(quad.graph_name, ox.NamedNode):
        raise TypeError(quad.graph_name)
    return quad.graph_name.value


def _drop(graphs: Sequence[str]) -> str:
    return " ;\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in graphs)


def _data(quads: Sequence[ox.Quad]) -> str:
    return f"INSERT DATA {{\n{_body(quads)}}}"


def _with_blank_nodes(quads: Sequence[ox.Quad]) -> str:
    # Not INSERT DATA, which Virtuoso refuses for blank nodes. The pattern without anything matches once.
    return f"INSERT {{\n{_body(quads)}}} WHERE {{}}"


def _body(quads: Sequence[ox.Quad]) -> str:
    parts = []
    for name, members in groupby(quads, key=_name):
        parts.append(f"GRAPH <{name}> {{\n{_lines(quad.triple for quad in members)}}}\n")
    return "".join(parts)


def _lines(triples: Iterable[ox.Triple]) -> str:
    return "".join(f"{subject} {predicate} {_written(value)} .\n" for subject, predicate, value in triples)


def _written(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return in_sparql(value) if isinstance(value, ox.Literal) else str(value)


def _parted(quads: Iterable[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Those without and those with blank nodes, each sorted by graph."""
    ground: list[ox.Quad] = []
    blank: list[ox.Quad] = []
    for quad in sorted(quads, key=_name):
        (blank if blank_nodes(quad) else ground).append(quad)
    return ground, blank
