"""What the graph knows that tables are read with; asked of all files that no table makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.repository import Repository

_QUERIES = "tables"


@dataclass(frozen=True)
class Knowledge:
    """The graph as tables see it.

    rest: all that stands in files by hand, in one graph. made: the graphs whose files tables make.
    codes: per list, what its labels stand for, letters in lower case. documents: the keys of the documents.
    pages: the IRIs of web pages that are described by hand, by address.
    """

    rest: tuple[ox.Quad, ...]
    made: frozenset[str]
    codes: Mapping[str, Mapping[str, str]]
    documents: frozenset[str]
    pages: Mapping[str, str]


def know(repository: Repository) -> Knowledge:
    """What is known before any table is read. Raises SourceError for files that do not parse."""
    quads = repository.quads("ontology", "data")
    whole = ox.Store()
    whole.extend(quads)
    made = frozenset(graph for (graph,) in _rows(whole, repository, "made", union=True))
    rest = tuple(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for quad in quads
        if not isinstance(quad.graph_name, ox.NamedNode) or quad.graph_name.value not in made
    )
    store = ox.Store()
    store.extend(rest)
    codes: dict[str, dict[str, str]] = defaultdict(dict)
    for scheme, label, code in _rows(store, repository, "codes"):
        codes[scheme].setdefault(label.casefold(), code)
    return Knowledge(
        rest,
        made,
        codes,
        frozenset(key for (key,) in _rows(store, repository, "documents")),
        {row[0]: row[1] for row in _rows(store, repository, "pages")},
    )


def _rows(store: ox.Store, repository: Repository, name: str, *, union: bool = False) -> list[list[str]]:
    found = store.query(repository.query(f"{_QUERIES}/{name}"), use_default_graph_as_union=union)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(f"queries/{_QUERIES}/{name}.rq is no SELECT")
    variables = found.variables
    return [[row[variable].value for variable in variables] for row in found]
