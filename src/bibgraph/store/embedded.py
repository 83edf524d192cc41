"""A store in memory, on Oxigraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache

import pyoxigraph as ox

from bibgraph.errors import Forbidden, QueryError, StoreError
from bibgraph.messages import message
from bibgraph.sparql import complaint
from bibgraph.sparql.guard import DEEPEST, LONGEST, clauses, harmless
from bibgraph.store import Answer
from bibgraph.suggestions import suggestion

_KEPT_UNIONS = 8


class EmbeddedStore:
    """Quads held in memory, and a copy of each in the default graph.

    Oxigraph can take the union of graphs as its default graph, but then gives a triple once for each graph
    that states it, and counts come out wrong. With copies every triple counts once. Numbers and dates come
    back in Oxigraph's canonical spelling (``1.50`` as ``1.5``).
    """

    def __init__(
        self, quads: Iterable[ox.Quad], version: str, *, longest: int = LONGEST, deepest: int = DEEPEST
    ) -> None:
        store = ox.Store()
        store.bulk_extend(quads)
        self._hold(store, version, longest, deepest)

    @classmethod
    def around(
        cls, store: ox.Store, version: str, *, longest: int = LONGEST, deepest: int = DEEPEST
    ) -> EmbeddedStore:
        """The same over the quads of an Oxigraph store, which is not to be used besides."""
        made = cls.__new__(cls)
        made._hold(store, version, longest, deepest)  # noqa: SLF001  # its own class
        return made

    def _hold(self, store: ox.Store, version: str, longest: int, deepest: int) -> None:
        names = list(store.named_graphs())
        for name in names:
            store.update(f"ADD {name} TO DEFAULT")  # much faster than quads that pass through Python
        self.version = version
        self.graphs = frozenset(name.value for name in names if isinstance(name, ox.NamedNode))
        self._longest, self._deepest = longest, deepest
        self._store = store
        self._selection = lru_cache(maxsize=_KEPT_UNIONS)(self._select)

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``."""
        if not default_graphs and not named_graphs and harmless(text, self._longest, self._deepest):
            # What the engine does not take is looked at again below, where the words for it are found.
            with suppress(SyntaxError, RuntimeError):
                return self._store.query(text)
        stated = clauses(text, self._longest, self._deepest)
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
            raise Forbidden(
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


def _run(store: ox.Store, text: str, named: Sequence[ox.NamedNode] | None = None) -> Answer:
    # With a selection of graphs the FROM clauses of the text are overruled: the selection is the data set.
    chosen = None if named is None else ox.DefaultGraph()
    try:
        return store.query(text, default_graph=chosen, named_graphs=None if named is None else list(named))
    except SyntaxError as error:
        raise complaint(error, text) from error
    except RuntimeError as error:  # so Oxigraph says what it cannot do, such as an unknown function
        raise QueryError(message("The engine cannot do this: {reason}.", reason=error)) from error
    except OSError as error:
        raise StoreError(message("The store failed: {reason}.", reason=error)) from error
