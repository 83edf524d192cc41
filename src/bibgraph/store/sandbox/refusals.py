"""What a client is told in place of an answer, by the limit that was met."""

from __future__ import annotations

import logging

from bibgraph.errors import BibgraphError, LimitError, Unavailable
from bibgraph.limits import Limits
from bibgraph.messages import Message, message

_LOG = logging.getLogger(__name__)


def busy(limits: Limits, limit: str, problem: Message) -> LimitError:
    """There is no room now; ``limit`` is what keeps it."""
    return LimitError(
        problem,
        limit=limit,
        value=limits.value(limit),
        retry_after=_soon(limits),
        hint=message("Try again in a moment."),
    )


def _soon(limits: Limits) -> int:
    return max(1, round(limits.timeout / 2))


def late(seconds: float) -> LimitError:
    """The query took longer than these seconds."""
    return LimitError(
        message("The query took more than the {seconds:g} s that it may.", seconds=seconds),
        limit="timeout",
        value=f"{seconds:.10g} s",
        hint=message("Ask for less at a time, or take the dumps and ask them yourself."),
    )


def over_budget(limits: Limits, owed: float) -> LimitError:
    """The client has to wait ``owed`` seconds until it may use the processors again."""
    budget = limits.value("client_budget")
    return LimitError(
        message("You have used the {budget} of processing that one client may have.", budget=budget),
        limit="client-budget",
        value=budget,
        retry_after=int(owed) + 1,
    )


def ended(limits: Limits, cause: str) -> BibgraphError:
    """The worker ended before it answered; cause: see ``frames.cause``."""
    if cause == "memory":
        return LimitError(
            message(
                "The query needed more than the {limit} of memory that it may.", limit=limits.value("memory")
            ),
            limit="memory",
            value=limits.value("memory"),
            retry_after=_soon(limits),
            hint=message("Ask for less at a time: ORDER BY, DISTINCT and GROUP BY hold all that they see."),
        )
    if cause == "stack":
        problem = message("The query is built too deep for the engine.")
        return LimitError(problem, limit="nesting", value=limits.value("nesting"))
    if cause == "crash":
        _LOG.error("a worker has crashed")
        return crashed()
    return Unavailable(
        message("The worker that ran the query was ended from outside."),
        hint=message("Try again in a moment."),
    )


def crashed() -> Unavailable:
    """The process that the engine runs in has ended, by the query or from outside: which cannot be told."""
    return Unavailable(
        message("The engine failed at this query."),
        hint=message("ORDER BY over values of several kinds can do that: order by STR(…) of them."),
    )
