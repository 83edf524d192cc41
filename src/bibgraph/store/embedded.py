"""A store in memory, on Oxigraph."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress

import pyoxigraph as ox

from bibgraph.errors import Forbidden, QueryError, StoreError
from bibgraph.messages import message
from bibgraph.sparql import complaint
from bibgraph.sparql.glance import asks_for_set, harmless, names_no_graph
from bibgraph.sparql.guard import DEEPEST, LONGEST, clauses
from bibgraph.sparql.spelling import decoded, for_oxigraph, peculiar
from bibgraph.store import Answer
from bibgraph.suggestions import suggestion

_MOST_UNIONS = 8
_MOST_KEPT = 100_000
"""Quads in selections of graphs that are kept: each takes half a kilobyte of what a worker may have."""
_HARDLY_MORE = 1.1
"""Quads for each triple. A triple in many graphs is found as often, and what it leads to as many times."""
_MOST_ONCE = 1_000_000
"""Quads that are held without copies as well: of more, the memory counts for more than the time."""


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
        self._only_named = not any(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        for name in names:
            if isinstance(name, ox.NamedNode):
                store.update(f"ADD {name} TO DEFAULT")  # much faster than quads that pass through Python
            else:  # which no text of a query can name
                found = store.quads_for_pattern(None, None, None, name)
                store.extend([ox.Quad(*quad.triple) for quad in found])
        self.version = version
        self.graphs = frozenset(name.value for name in names if isinstance(name, ox.NamedNode))
        self._longest, self._deepest = longest, deepest
        self._store = self._alone = store
        self._once: ox.Store | None = None
        self._kept: OrderedDict[tuple[tuple[str, ...], tuple[str, ...]], tuple[ox.Store, int]] = OrderedDict()
        self._lock = threading.Lock()

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``."""
        plain = not default_graphs and not named_graphs and not peculiar(text)
        if plain and harmless(text, self._longest, self._deepest):
            # What the engine does not take is looked at again below, where the words for it are found.
            with suppress(SyntaxError, RuntimeError):
                if names_no_graph(text):
                    return self._alone.query(text)
                if self._once is not None and asks_for_set(text):
                    return self._once.query(text, use_default_graph_as_union=True)
                return self._store.query(text)
        stated = clauses(text, self._longest, self._deepest)
        text = decoded(text)
        default, named = tuple(default_graphs), tuple(named_graphs)
        if not default and not named:
            default, named = stated.default_graphs, stated.named_graphs
        if not default and not named:
            return _run(self._store if stated.graph else self._alone, text)
        for graph in (*default, *named):
            self._refuse_unknown(graph)
        store = self._selection(tuple(sorted(set(default))), tuple(sorted(set(named))))
        return _run(store, text, [ox.NamedNode(graph) for graph in set(named)])

    @property
    def most(self) -> dict[str, int]:
        """The limits on queries, as the constructor takes them."""
        return {"longest": self._longest, "deepest": self._deepest}

    def lines(self) -> bytes:
        """What is held, as N-Quads: read, they make the same store."""
        quads = self._store.quads_for_pattern(None, None, None, None)
        named = (quad for quad in quads if not isinstance(quad.graph_name, ox.DefaultGraph))
        return ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b""

    def settle(self) -> None:
        """Make ready for many queries: they take a fifth less time, and the quads twice as much memory.

        What asks for no graph is then asked of the default graph alone: Oxigraph's store in memory goes
        through all that is said of a thing in any graph. The triples are put in by their order, so that what
        is found comes in the same order wherever the same quads are served. And what asks for graphs, but
        not how often, is asked of the quads without copies, if hardly a triple is in several of them.
        """
        if self.graphs:
            lines = self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
            ordered = b"".join(sorted(lines.splitlines(keepends=True), reverse=True))  # the last come first
            self._alone = ox.Store()
            self._alone.bulk_extend(ox.parse(ordered, format=ox.RdfFormat.N_TRIPLES))
            size = len(self._store) - len(self._alone)
            if self._only_named and size <= min(len(self._alone) * _HARDLY_MORE, _MOST_ONCE):
                self._once = ox.Store()
                for name in sorted(self._store.named_graphs(), key=str):
                    self._once.extend(self._store.quads_for_pattern(None, None, None, name))

    def _refuse_unknown(self, graph: str) -> None:
        if graph not in self.graphs:
            raise Forbidden(
                message("There is no graph {graph} here.", graph=graph), hint=suggestion(graph, self.graphs)
            )

    def _selection(self, default: tuple[str, ...], named: tuple[str, ...]) -> ox.Store:
        """See ``_select``; what was selected lately is kept, as far as it is small."""
        key = default, named
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found[0]
        made = self._select(default, named)
        size = len(made)
        if size <= _MOST_KEPT:
            with self._lock:
                self._kept[key] = made, size
                while len(self._kept) > _MOST_UNIONS or sum(n for _, n in self._kept.values()) > _MOST_KEPT:
                    self._kept.popitem(last=False)
        return made

    def _select(self, default: tuple[str, ...], named: tuple[str, ...]) -> ox.Store:
        """A store of these graphs only; the union of ``default`` as its default graph, each triple once."""
        # Not in bulk: for that Oxigraph sets 200 MB aside first, which a worker may not have.
        store = ox.Store()
        for graph in default:
            store.extend(
                ox.Quad(*quad.triple)
                for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
            )
        for graph in named:
            store.extend(self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
        return store


def _run(store: ox.Store, text: str, named: Sequence[ox.NamedNode] | None = None) -> Answer:
    # With a selection of graphs the FROM clauses of the text are overruled: the selection is the data set.
    chosen = None if named is None else ox.DefaultGraph()
    graphs: list[ox.NamedNode | ox.BlankNode] | None = None if named is None else list(named)
    try:
        with suppress(SyntaxError):  # which is told below, with the places in the text as it came
            return store.query(for_oxigraph(text), default_graph=chosen, named_graphs=graphs)
        return store.query(text, default_graph=chosen, named_graphs=graphs)
    except SyntaxError as error:
        raise complaint(error, text) from error
    except RuntimeError as error:  # so Oxigraph says what it cannot do, such as an unknown function
        raise QueryError(message("The engine cannot do this: {reason}.", reason=error)) from error
    except OSError as error:
        raise StoreError(message("The store failed: {reason}.", reason=error)) from error
