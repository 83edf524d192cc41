"""A store that is asked in threads, such as one elsewhere: within limits of time, number and waiting."""

from __future__ import annotations

import asyncio
from functools import partial

from bibgraph.errors import BibgraphError
from bibgraph.limits import Limits
from bibgraph.store import SparqlStore, Written
from bibgraph.store.calls import Call, Left, working_for
from bibgraph.store.sandbox.frames import Job
from bibgraph.store.sandbox.refusals import late
from bibgraph.store.sandbox.worker import perform
from bibgraph.store.turns import Turns

OURSELVES = "ourselves, no client"
"""Who asks where the service itself wants to know. With a comma, which no name of a client has."""


class Threads:
    """A store that can be asked from several threads, such as one elsewhere that keeps limits of its own.

    A thread that becomes free goes to the client that holds fewest. What is asked as ``OURSELVES`` has a
    thread of its own, so that it is answered while all others are held.
    """

    def __init__(self, store: SparqlStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._turns = Turns[tuple[str, bytes]](limits.workers, limits, "store")
        self._our_turns = Turns[tuple[str, bytes]](1, limits, "store")

    @property
    def version(self) -> str:
        """See ``serving.Evaluator.version``."""
        return self._store.version

    async def run(self, job: Job, client: str = "", timeout: float = 0.0) -> Written:
        """See ``serving.Evaluator.run``. A thread cannot be ended: what comes too late is thrown away.

        But the work ends for which nobody waits any more: see ``calls``.
        """
        seconds = min(timeout or self._limits.timeout, self._limits.timeout)
        turns = self._our_turns if client == OURSELVES else self._turns
        call = Call()
        try:
            made = await turns.begin(client, partial(self._perform, job, call))
            await asyncio.wait((made,), timeout=seconds)
        except asyncio.CancelledError:
            call.leave()
            raise
        if made.done():
            return Written(*made.result())
        # The store gives up at its own limit, and then looks whether it was the query or the service.
        if seconds < self._limits.timeout:
            call.leave()
        raise late(seconds)

    def _perform(self, job: Job, call: Call) -> tuple[str, bytes]:
        try:
            with working_for(call):
                found = perform(job, self._store, self._limits)
                str(self._store.version)  # is heard here if it was long ago: the loop cannot wait for it
                return found
        except Left:
            return "", b""  # which nobody reads
        except BibgraphError as error:
            # Tracebacks would hold the engine's answer, which only this thread may let go of.
            error.__context__ = None
            raise error.with_traceback(None) from None
