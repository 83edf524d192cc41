"""The graph put into a service elsewhere: its named graphs, their union, and last of all what it is.

Where a service takes all of it in one update, readers see the old graph or the new one. Where it does not, it
is first marked as being filled, and ``RemoteStore`` gives no answers until it is marked as complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

import pyoxigraph as ox

from bibgraph.errors import BibgraphError, QueryError, SourceError, StoreError
from bibgraph.messages import message
from bibgraph.store.remote import (
    LEASE,
    LOADED,
    NOTHING,
    UNION,
    Contents,
    GraphStore,
    Login,
    RemoteStore,
    Service,
    Step,
    Updates,
    at_once,
)
from bibgraph.store.remote.requests import update_request

PATIENCE = 600.0
"""Seconds that a service has for one request that fills it."""

_SIBLINGS = {"query": "update", "sparql": "update"}
_UNION = ox.NamedNode(UNION)

Tell = Callable[[int, int], None]
"""Told how many triples are there of how many."""


@dataclass(frozen=True)
class Cargo:
    """What is to be in the service: named graphs, their union, and the version they are together."""

    version: str
    quads: tuple[ox.Quad, ...]
    graphs: frozenset[str]
    distinct: int

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], version: str) -> Cargo:
        """The cargo of these quads. Those in no named graph are in the union alone.

        Raises SourceError if one is in a graph that is used for what tells of the cargo.
        """
        stated = tuple(dict.fromkeys(quads))
        named = tuple(quad for quad in stated if isinstance(quad.graph_name, ox.NamedNode))
        union = tuple(dict.fromkeys(_in_graph(quad.triple, _UNION) for quad in stated))
        graphs = frozenset(map(_graph, named))
        for taken in sorted(graphs & {LOADED, NOTHING, UNION}):
            raise SourceError(message("No data can be in this graph: loading needs it."), where=taken)
        return cls(version, named + union, graphs, len(union))

    def counts(self) -> dict[str, int]:
        """How many triples each graph has, by name; the union last."""
        found = Counter(map(_graph, self.quads))
        return {graph: found[graph] for graph in (*sorted(self.graphs), UNION)}


class Loading:
    """A cargo on its way into the service that ``store`` asks.

    update, graph_store: where the service is filled by SPARQL Update or by the Graph Store Protocol; if both
    are given, by update. If neither is, the address for queries is tried for updates, and then one beside it.
    """

    def __init__(
        self, cargo: Cargo, store: RemoteStore, *, login: Login, update: str = "", graph_store: str = ""
    ) -> None:
        self.cargo = cargo
        self._store = store
        self._login = login
        self._clock = store.service.clock
        self._before = store.contents()
        self._update, self._graph_store = update, graph_store

    @property
    def gone(self) -> list[str]:
        """Graphs of an earlier load that are to be removed."""
        return sorted(self._before.graphs - self.cargo.graphs) if self._before else []

    def run(self, tell: Tell) -> int:
        """Fill the service; how many different triples it has then.

        These may be fewer than were sent: some services take ``01`` and ``1`` for one number. Raises
        StoreError, and QueryError for what the service refuses; what is there then is marked as incomplete.
        """
        if not self._update and not self._graph_store:
            self._update = self._find_update()
        if not self._update:
            self._one_by_one(GraphStore(self._graph_store), tell)
        elif not self._at_once():
            self._one_by_one(Updates(self._update), tell)
        found = self._check()
        tell(len(self.cargo.quads), len(self.cargo.quads))
        return found

    def _at_once(self) -> bool:
        step = at_once(self._update, self._graphs(), self.cargo.quads, self._marks())
        if step is None:
            return False
        try:
            self._send(step)
        except (QueryError, StoreError):
            return False  # In pieces it may succeed; if not, that failure says more.
        return True

    def _one_by_one(self, filler: Updates | GraphStore, tell: Tell) -> None:
        begin, end = self._marks()
        self._send(filler.begin(begin))
        if self._before and self._before.version:
            self._clock.sleep(LEASE)  # Until everybody knows.
        sent = 0
        for step in filler.replace(self._graphs(), self.cargo.quads):
            self._send(step)
            sent += step.triples
            tell(sent, len(self.cargo.quads))
        self._check()
        self._send(filler.end(end))

    def _marks(self) -> tuple[Contents, Contents]:
        """What readers are told before and after."""
        every = self.cargo.graphs | (self._before.graphs if self._before else frozenset())
        return Contents("", every), Contents(self.cargo.version, self.cargo.graphs)

    def _graphs(self) -> list[str]:
        return [*self.gone, *sorted(self.cargo.graphs), UNION]

    def _send(self, step: Step) -> None:
        service = Service(step.request.full_url, login=self._login, timeout=PATIENCE, clock=self._clock)
        service.fetch(step.request, repeatable=step.repeatable, fine=step.fine)

    def _check(self) -> int:
        found = self._store.size(UNION)
        if self.cargo.distinct and not found:
            raise StoreError(
                message("The service took the graph, but here nothing of it is found."),
                where=self._store.url,
                hint=message("Look at the addresses: they must be those of one service and one data set."),
            )
        if found > self.cargo.distinct:
            raise StoreError(
                message("The service has more triples than were sent: somebody else is loading into it."),
                where=self._store.url,
                hint=message("Load again when the other load has ended."),
            )
        return found

    def _find_update(self) -> str:
        """An address that takes an update which changes nothing. Raises what the first one tried answers."""
        url = self._store.url
        sibling = _SIBLINGS.get(url.rpartition("/")[2])
        refusals: list[BibgraphError] = []
        for candidate in (url, *([urljoin(url, sibling)] if sibling else [])):
            service = Service(candidate, login=self._login, clock=self._clock)
            try:
                service.fetch(update_request(candidate, "INSERT DATA {}"))
            except (QueryError, StoreError) as error:
                refusals.append(error)
            else:
                return candidate
        raise StoreError(
            refusals[0].problem,
            where=refusals[0].where,
            hint=message("Name where it takes updates with --update, or graphs with --graph-store."),
        ) from refusals[0]


def _in_graph(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
