"""The store that asks a service."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

import pyoxigraph as ox

from bibgraph.errors import Forbidden, QueryError, StoreError, StoreTimeout
from bibgraph.messages import message
from bibgraph.reasons import reason
from bibgraph.sparql import in_sparql, misread
from bibgraph.sparql.guard import DEEPEST, LONGEST, clauses
from bibgraph.sparql.spelling import decoded, in_order
from bibgraph.store import Answer
from bibgraph.store.calls import in_a_loop
from bibgraph.store.remote import failures
from bibgraph.store.remote.answers import read_answer
from bibgraph.store.remote.contents import QUESTION, Contents
from bibgraph.store.remote.dataset import Graphs, choose
from bibgraph.store.remote.login import Login
from bibgraph.store.remote.patience import Clock
from bibgraph.store.remote.requests import read_request
from bibgraph.store.remote.service import MOST_BYTES, TIMEOUT, Received, Service
from bibgraph.store.remote.wholeness import (
    MOST,
    is_virtuoso,
    number_in,
    rows_at_most,
    things_asked,
    things_in,
)
from bibgraph.suggestions import suggestion

LEASE = 2.0
"""Seconds for which what a service said of its contents is taken to hold. Who changes them waits so long."""

_QUICK = 5.0
_MINUTE = 60.0


class RemoteStore:
    """The service at ``url``; nothing is kept of its answers. For many threads.

    Where ``bibgraph load`` filled the service, its default graph is the union of the graphs loaded, each
    triple once, and the version is that of the graph loaded, as it would be in a store of our own. Of
    another service neither is known: the default graph is what the service makes of it, and the version is
    «remote:» and a hash of the address, by which nothing may be cached for long.

    login: who asks. timeout: seconds for a whole answer. most_bytes: so much is read of one. longest,
    deepest: limits of a query, see ``bibgraph.sparql.guard``.
    """

    def __init__(
        self,
        url: str,
        *,
        login: Login | None = None,
        timeout: float = TIMEOUT,
        most_bytes: int = MOST_BYTES,
        longest: int = LONGEST,
        deepest: int = DEEPEST,
        clock: Clock | None = None,
    ) -> None:
        self.url = url
        self.service = Service(url, login=login, timeout=timeout, most_bytes=most_bytes, clock=clock)
        self._limits = longest, deepest
        self._lock = threading.Lock()
        self._contents: Contents | None = None
        self._failure: StoreError | None = None
        self._until: float | None = None
        self._known: set[str] = set()
        self._most: tuple[float, int] | None = None

    @property
    def version(self) -> str:
        """The version that was loaded, as last heard of; else a name for the service, not for its content.

        In an event loop, which cannot wait, the name as well where the service would have to be asked now.
        """
        if in_a_loop():
            return self._named(self._contents if self._heard_lately() else None)
        try:
            contents = self.contents()
        except StoreError:
            contents = self._contents
        return self._named(contents)

    def _named(self, contents: Contents | None) -> str:
        if contents and contents.version:
            return contents.version
        return f"remote:{hashlib.sha256(self.url.encode()).hexdigest()[:16]}"

    def contents(self) -> Contents | None:
        """What was loaded into the service, at most two seconds old; None for a service that nobody loaded.

        Raises StoreError if the service fails.
        """
        with self._lock:
            now = self.service.clock.now()
            if not self._heard_lately():
                self._look()
                self._until = (self.service.clock.now() if self._failure else now) + LEASE
            if self._failure:
                raise self._failure.at(self.url)
            return self._contents

    def _heard_lately(self) -> bool:
        return self._until is not None and self.service.clock.now() < self._until

    def _look(self) -> None:
        self._failure = None
        try:
            found = self._ask(QUESTION, "SELECT", (), timeout=min(_QUICK, self.service.timeout))
            self._contents = Contents.of(found)
        except StoreError as error:
            # Another one than was raised, which holds on to all who asked.
            self._failure = error.at(self.url)
            if isinstance(error, StoreTimeout):  # no query was too slow here
                self._failure.but_outside(failures.away())
        except QueryError:
            self._contents = None

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``.

        Raises QueryError as well for what the service answers with 400, 413 or 414, LimitError for an answer
        that is too large, StoreTimeout if the service is too slow; StoreError if it cannot be reached, fails,
        is being filled, or answers with something else than was asked for.
        """
        text = decoded(text)
        stated = clauses(text, *self._limits)
        contents = self.contents()
        if contents and not contents.version:
            raise failures.being_filled(self.url)
        for graph in (*(default_graphs or stated.default_graphs), *(named_graphs or stated.named_graphs)):
            self._refuse_unknown(graph, contents)
        sent, graphs = choose(in_order(text), stated, default_graphs, named_graphs, contents)
        try:
            return self._ask(sent, stated.form, graphs)
        except QueryError as error:
            found = misread(text) if type(error) is QueryError and error.outside else None
            if found:  # so that strangers are told where, and nothing that the service says
                error.but_outside(found)
            raise

    def size(self, graph: str) -> int:
        """How many triples the service has in a graph, loaded by us or not. Raises as ``query`` does."""
        name = in_sparql(ox.NamedNode(graph))
        text = f"SELECT (COUNT(*) AS ?size) {{ GRAPH {name} {{ ?subject ?property ?value }} }}"
        answer = self._ask(text, "SELECT", ())
        sizes = [row["size"].value for row in answer] if isinstance(answer, ox.QuerySolutions) else []
        return int(sizes[0]) if sizes else 0

    def _ask(self, text: str, form: str, graphs: Graphs, timeout: float | None = None) -> Answer:
        request = read_request(self.url, text, form, graphs)
        reply = self.service.fetch(request, timeout=timeout)
        self._refuse_cut(reply, text, form, graphs)
        try:
            return read_answer(form, reply.media_type, reply.content, bounded=reply.bounded)
        except (SyntaxError, ValueError, LookupError, RecursionError) as error:
            raise failures.unreadable(self.url, reply.media_type, reason(error)) from error

    def _refuse_cut(self, reply: Received, text: str, form: str, graphs: Graphs) -> None:
        """Refuse what may be a part of an answer: see ``wholeness``."""
        most = rows_at_most(reply.headers, text) if form == "SELECT" else 0
        if form in ("CONSTRUCT", "DESCRIBE") and is_virtuoso(reply.headers):
            bound = self._most_rows()
            made = reply.content.count(b"\n") if form == "CONSTRUCT" else 0
            if form == "DESCRIBE" and bound:
                made, looked_for = things_asked(text)
                made += things_in(self._ask(looked_for, "SELECT", graphs)) if looked_for else 0
            most = bound if made > bound else 0
        if most:
            raise failures.cut(self.url, most)

    def _most_rows(self) -> int:
        """The ResultSetMaxRows of a Virtuoso, at most a minute old; 0 where it has none or does not tell."""
        now = self.service.clock.now()
        if self._most is None or now >= self._most[0]:
            try:
                told = number_in(self._ask(MOST, "SELECT", ()))
            except QueryError:
                told = 0
            self._most = now + _MINUTE, told
        return self._most[1]

    def _refuse_unknown(self, graph: str, contents: Contents | None) -> None:
        """FROM may name what a service has, not what it would have to fetch."""
        if contents:
            if graph not in contents.graphs:
                hint = suggestion(graph, contents.graphs)
                raise Forbidden(message("There is no graph {graph} here.", graph=graph), hint=hint)
            return
        if graph in self._known:
            return
        try:
            name = in_sparql(ox.NamedNode(graph))
        except ValueError:
            name = ""
        if not name or not self._ask(f"ASK {{ GRAPH {name} {{ ?subject ?property ?value }} }}", "ASK", ()):
            raise failures.no_graph(self.url, graph)
        self._known.add(graph)
