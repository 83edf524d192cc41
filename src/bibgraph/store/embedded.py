"""A store in memory, on Oxigraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import pyoxigraph as ox

from bibgraph.errors import QueryError, StoreError
from bibgraph.messages import message
from bibgraph.sparql import complaint
from bibgraph.sparql.guard import clauses
from bibgraph.store import Answer
from bibgraph.suggestions import suggestion

_KEPT_UNIONS = 8


class EmbeddedStore:
    """Quads held in memory, and a copy of each in the default graph.

    Oxigraph can take the union of graphs as its default graph, but then gives a triple once for each graph
    that states it, and counts come out wrong. With copies every triple counts once. Numbers and dates come
    back in Oxigraph's canonical spelling (``1.50`` as ``1.5``).
    """

    def __init__(self, quads: Iterable[ox.Quad], version: str) -> None:
        listed = list(quads)
        self.version = version
        self.graphs = frozenset(
            quad.graph_name.value for quad in listed if isinstance(quad.graph_name, ox.NamedNode)
        )
        self._store = ox.Store()
        self._store.bulk_extend(_with_copies(listed))
        self._selection = lru_cache(maxsize=_KEPT_UNIONS)(self._select)

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``."""
        stated = clauses(text)
        default, named = tuple(default_graphs), tuple(named_graphs)
        if not default and not named:
            default, named = stated.default_graphs, stated.named_graphs
        if not default and not named:
            return _run(self._store, text)
        for graph in (*default, *named):
            self._refuse_unknown(graph)
        store = self._selection(tuple(sorted(set(default))), tuple(sorted(set(named))))
        return _run(store, text, [ox.NamedNode(graph) for graph in set(named)])

    def _refuse_unknown(self, graph: str) -> None:
        if graph not in self.graphs:
            raise QueryError(
                message("There is no graph {graph} here.", graph=graph), hint=suggestion(graph, self.graphs)
            )

    def _select(self, default: tuple[str, ...], named: tuple[str, ...]) -> ox.Store:
        """A store of these graphs only; the union of ``default`` as its default graph, each triple once."""
        store = ox.Store()
        for graph in default:
            store.bulk_extend(
                ox.Quad(*quad.triple)
                for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
            )
        for graph in named:
            store.bulk_extend(self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
        return store


def _with_copies(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        yield quad
        yield ox.Quad(*quad.triple)


def _run(store: ox.Store, text: str, named: Sequence[ox.NamedNode] | None = None) -> Answer:
    # With a selection of graphs the FROM clauses of the text are overruled: the selection is the data set.
    chosen = None if named is None else ox.DefaultGraph()
    try:
        return store.query(text, default_graph=chosen, named_graphs=None if named is None else list(named))
    except SyntaxError as error:
        raise complaint(error, text) from error
    except OSError as error:
        raise StoreError(message("The store failed: {reason}.", reason=error)) from error
