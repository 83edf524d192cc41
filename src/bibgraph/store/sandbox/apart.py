"""A store asked in another process: whatever a query does to the engine, this process goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import replace

from bibgraph.errors import BibgraphError, QueryError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.sparql.ordering import by_kind
from bibgraph.store import Answer, SparqlStore, Written
from bibgraph.store.sandbox import refusals
from bibgraph.store.sandbox.child import Child, child_of
from bibgraph.store.sandbox.frames import KINDS, OUTCOME, Job, decode_error
from bibgraph.store.serving import answer_of

UNBOUND = replace(Limits(), result_bytes=0)
"""The user is at home."""


class Apart:
    """``store``, asked in a process of its own, which is made at the first query and when the last has ended.

    Where there can be none, the store is asked here. For many threads, one after the other.
    """

    def __init__(self, store: SparqlStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._here = False

    @property
    def version(self) -> str:
        """See ``SparqlStore.version``."""
        return self._store.version

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``. Raises Unavailable or LimitError if the engine ends its process."""
        job = Job(text, default_graphs=tuple(default_graphs), named_graphs=tuple(named_graphs))
        with self._lock:
            frame, why = self._asked(job)
            ordered = by_kind(text) if why == "crash" else None
            if ordered is not None:
                frame, _ = self._asked(job._replace(text=ordered))
        if why and not frame:
            raise _ended(why)
        if frame is None:
            return self._store.query(text, default_graphs=default_graphs, named_graphs=named_graphs)
        try:
            return _opened(frame)
        except QueryError:
            if why:  # it tells of a text that nobody has written
                raise _ended(why) from None
            raise

    def _asked(self, job: Job) -> tuple[bytes | None, str]:
        """The frame that answers a job, or why none came; None if there can be no process to ask."""
        child, self._child = self._child, None
        if child is None or child.owner != os.getpid():  # this process may be a fork of the one that made it
            child = None if self._here else child_of(self._store, UNBOUND)
        if child is None:
            self._here = True  # to try again each time could take longer than the queries
            return None, ""
        try:
            answer = child.ask(job.encoded())
        except BaseException:  # as when the user stops waiting: what comes now is no answer to the next query
            child.end()
            raise
        if not answer:
            return answer, child.end()
        self._child = child
        return answer, ""


def _opened(frame: bytes) -> Answer:
    number, _, _ = OUTCOME.unpack_from(frame)
    kind, body = KINDS[number], frame[OUTCOME.size :]
    if kind == "error":
        raise decode_error(body)
    if kind == "fault":
        raise RuntimeError(body.decode("utf-8", "replace"))
    return answer_of(Written(kind, body))


def _ended(why: str) -> BibgraphError:
    if why == "memory":  # there is no limit of ours that could be named
        return BibgraphError(
            message("The query needed more memory than this machine has for it."),
            hint=message("Ask for less at a time: ORDER BY, DISTINCT and GROUP BY hold all that they see."),
        )
    return refusals.crashed() if why == "crash" else refusals.ended(UNBOUND, why)
