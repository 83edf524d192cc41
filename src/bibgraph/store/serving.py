"""Stores as a server uses them: many queries at a time, each within its limits, answers kept for a while."""

from __future__ import annotations

import asyncio
import re
from asyncio import AbstractEventLoop
from collections import OrderedDict
from collections.abc import Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Protocol

from bibgraph.errors import BibgraphError
from bibgraph.limits import Limits
from bibgraph.sparql.spelling import decoded
from bibgraph.store import Answer, SparqlStore, Written
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.worker import perform
from bibgraph.store.taken import first, rows, triples
from bibgraph.store.threads import OURSELVES
from bibgraph.store.writing import PAGE

# The engine takes FILTERRAND() and the like, too. What a comment follows may have its bracket after that.
_NEVER_THE_SAME = re.compile(r"(?:NOW|RAND|UUID|BNODE)\s*+[#(]", re.IGNORECASE)
_BEGINNINGS = ("NOW", "RAND", "UUID", "BNODE", "CONSTRUCT")
"""One of these is in every text that may have another answer each time, which is seen soonest."""
_OVERHEAD = 500
NAMES_NO_CONTENT = "remote:"
"""How versions begin that name a service elsewhere, which changes without telling us.

Nothing of them is kept, nor tagged.
"""
_client: ContextVar[str] = ContextVar("client", default="")
_found: ContextVar[Mapping[Job, Written | BibgraphError]] = ContextVar("found", default=MappingProxyType({}))


class Evaluator(Protocol):
    """What answers many queries at a time."""

    @property
    def version(self) -> str:
        """Names the content; equal versions give equal answers."""

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        """See ``Pool.run``."""


class Cached:
    """An evaluator whose answers are kept, the least used forgotten first.

    size: bytes that they may take. hits, misses: how often an answer was there, and was not.
    """

    def __init__(self, evaluator: Evaluator, size: int) -> None:
        self._evaluator = evaluator
        self._size = size
        self._kept: OrderedDict[tuple[str, Job], Written] = OrderedDict()
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    @property
    def version(self) -> str:
        """See ``Evaluator.version``."""
        return self._evaluator.version

    def find(self, job: Job) -> Written | None:
        """The answer, if it is kept."""
        found = self._kept.get((self.version, job))
        if found is not None:
            self._kept.move_to_end((self.version, job))
            self.hits += 1
        return found

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        """See ``Evaluator.run``."""
        found = self.find(job)
        if found is not None:
            return found
        version = self.version
        written = await self.afresh(job, client, timeout)
        if version == self.version and not version.startswith(NAMES_NO_CONTENT) and lasting(job.text):
            self._keep((version, job), written)
        return written

    def afresh(self, job: Job, client: str = "", timeout: float = 0.0) -> Coroutine[Any, Any, Written]:
        """As ``run``, but nothing that is kept is looked at, and nothing is kept."""
        self.misses += 1
        return self._evaluator.run(job, client, timeout)

    def _keep(self, key: tuple[str, Job], written: Written) -> None:
        size = _bytes(key[1], written)
        if size > self._size // 4 or key in self._kept:
            return
        self._kept[key] = written
        self.bytes += size
        while self.bytes > self._size:
            (_, job), oldest = self._kept.popitem(last=False)
            self.bytes -= _bytes(job, oldest)


def lasting(text: str) -> bool:
    """Whether the query has the same answer each time: neither time nor chance nor new nodes are in it."""
    text = decoded(text)
    letters = text.upper()
    if not any(word in letters for word in _BEGINNINGS):
        return True
    return not _NEVER_THE_SAME.search(text) and not _makes_nodes(letters)


def _makes_nodes(letters: str) -> bool:
    """Whether a template may have blank nodes in it, of which each answer has new ones.

    A list has some too, and is looked for up to the end of the template. Every piece is looked at once, for
    this is done while others wait.
    """
    _, construct, rest = letters.partition("CONSTRUCT")
    if "_:" in rest or "[" in rest:
        return True
    return any("(" in piece.partition("CONSTRUCT")[2] for piece in (construct + rest).split("}"))


def _bytes(job: Job, written: Written) -> int:
    texts = (job.text, *job.default_graphs, *job.named_graphs)
    return sum(map(len, texts)) * 2 + len(written.body) + _OVERHEAD


class ServedStore:
    """An evaluator as a ``SparqlStore``, for callers in threads other than its loop's."""

    def __init__(self, evaluator: Cached, loop: AbstractEventLoop) -> None:
        self.evaluator = evaluator
        self._loop = loop

    @property
    def version(self) -> str:
        """See ``SparqlStore.version``."""
        return self.evaluator.version

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """See ``SparqlStore.query``; raises LimitError as well. Of what ``asked_by`` found, the beginning."""
        graphs = tuple(default_graphs), tuple(named_graphs)
        found = _found.get().get(Job(text, PAGE, PAGE, *graphs))
        if isinstance(found, BibgraphError):
            raise found
        if found is not None:
            return first(found)
        return answer_of(self.written(Job(text, "json", "nt", *graphs)))

    def written(self, job: Job, timeout: float = 0.0) -> Written:
        """The answer written out. Raises what ``query`` raises."""
        work = self.evaluator.run(job, _client.get(), timeout)
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def afresh(self, job: Job) -> Written:
        """The answer, asked now and not for a client."""
        work = self.evaluator.afresh(job, OURSELVES)
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def afresh(store: SparqlStore, text: str) -> Written:
    """The answer of any store to a query, asked now, whatever is kept. Raises what ``query`` raises."""
    if isinstance(store, ServedStore):
        return store.afresh(Job(text))
    return Written(*perform(Job(text), store, Limits()))


def written(store: SparqlStore, job: Job, limits: Limits, timeout: float = 0.0) -> Written:
    """The answer of any store, written out. Raises what the store raises, LimitError, and NotAcceptable."""
    if isinstance(store, ServedStore):
        return store.written(job, timeout)
    return Written(*perform(job, store, limits))


@contextmanager
def asked_by(client: str, found: Mapping[Job, Written | BibgraphError] | None = None) -> Generator[None]:
    """For what is asked in this context, ``client`` is the one who asks.

    found: what some queries have come to already, as a page needs it.
    """
    token, told = _client.set(client), _found.set(found or {})
    try:
        yield
    finally:
        _client.reset(token)
        _found.reset(told)


def answer_of(written: Written) -> Answer:
    """The answer that was written out as JSON or N-Triples; any thread may let go of it."""
    return triples(written.body) if written.kind == "triples" else rows(written.body)
