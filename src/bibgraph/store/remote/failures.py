"""What a service's failures are called, so that a reader knows what to do.

Who runs the program is told the address and what the service said; strangers who ask it over the web are not:
see ``BibgraphError.outside``.
"""

from __future__ import annotations

import math
from http import HTTPStatus

from bibgraph.errors import (
    BibgraphError,
    Forbidden,
    LimitError,
    QueryError,
    StoreError,
    StoreTimeout,
    Unavailable,
)
from bibgraph.limits import show_size
from bibgraph.messages import Message, message
from bibgraph.reasons import in_line
from bibgraph.store.sandbox.refusals import late

_SHOWN = 300
_TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
_NOT_TAKEN = (HTTPStatus.BAD_REQUEST, _TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
_TOO_MUCH = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_SOON = 5
_LATEST = 3600
"""Seconds after which clients are told to come back: where the service does not say, and at most."""
_WRONG_ADDRESS = message("Look at the address: it is that of the service, often ending in /sparql.")
_MOVED = message("The service has moved: use the address that it names.")
_BUSY = message("The service is busy: try again later.")
_HINTS: dict[int, Message] = {
    HTTPStatus.MOVED_PERMANENTLY: _MOVED,
    HTTPStatus.FOUND: _MOVED,
    HTTPStatus.SEE_OTHER: _MOVED,
    HTTPStatus.TEMPORARY_REDIRECT: _MOVED,
    HTTPStatus.PERMANENT_REDIRECT: _MOVED,
    HTTPStatus.FORBIDDEN: message("The service does not allow this."),
    HTTPStatus.NOT_FOUND: _WRONG_ADDRESS,
    HTTPStatus.METHOD_NOT_ALLOWED: _WRONG_ADDRESS,
    HTTPStatus.NOT_ACCEPTABLE: message("The service must be able to answer in JSON and in N-Triples."),
    HTTPStatus.TOO_MANY_REQUESTS: _BUSY,
    HTTPStatus.SERVICE_UNAVAILABLE: _BUSY,
}
_STRANGER = message(
    "The service wants to know who asks: set BIBGRAPH_ENDPOINT_USER and BIBGRAPH_ENDPOINT_PASSWORD, or "
    "BIBGRAPH_ENDPOINT_TOKEN."
)
_NOT_LET_IN = message("The service does not take the name and password, or the token, that it was given.")
_ITS_TIME = message("The query took too long there: ask for less at a time.")
_ITS_OWN = "set in the engine"
"""The value of a limit that the service keeps by itself and does not tell."""


def away() -> StoreError:
    """What strangers are told of a service that gave no answer, whatever the reason."""
    return StoreError(
        message("The engine that holds the graph gives no answer."),
        hint=message("Try again later. Who runs this service finds why in its log, by this answer’s number."),
    )


def _busy(after: float | None) -> Unavailable:
    seconds = _SOON if after is None else min(max(1, math.ceil(after)), _LATEST)
    return Unavailable(
        message("The engine that holds the graph has too much to do."),
        hint=message("Try again in a moment."),
        retry_after=seconds,
    )


def _no_answer() -> StoreError:
    return StoreError(
        message("The engine that holds the graph answers with what is no answer."), hint=away().hint
    )


def _out_of_its_time() -> LimitError:
    return LimitError(
        message("The engine that holds the graph gave the query no more time."),
        limit="engine-timeout",
        value=_ITS_OWN,
        hint=message("Ask for less at a time."),
    )


def _not_taken() -> QueryError:
    return QueryError(
        message("The engine that holds the graph does not take this query."),
        hint=message(
            "Ask in other words: there are functions and forms that one engine knows and another does not."
        ),
    )


def _too_long_for_it() -> LimitError:
    return LimitError(
        message("The query is longer than the engine that holds the graph takes."),
        limit="query-bytes",
        value=_ITS_OWN,
        hint=message("Ask for less at a time."),
    )


def _too_large_for_it() -> LimitError:
    # Some say it of the query, some of the answer, and none says of which.
    return LimitError(
        message("The query or its answer is larger than the engine that holds the graph allows."),
        limit="engine-bytes",
        value=_ITS_OWN,
        hint=message("Ask for less at a time."),
    )


def refused(
    where: str,
    status: int,
    body: bytes,
    *,
    known: bool,
    filling: bool = False,
    address: str = "",
    after: float | None = None,
) -> BibgraphError:
    """The service answered with an error.

    known: it was told who asks. filling: it was not asked but sent data. address: where it sent us instead.
    after: seconds that it asks us to wait.
    """
    said = in_line(address or body.decode("utf-8", "replace"))[:_SHOWN] or "–"
    if status in _NOT_TAKEN and filling:
        return _load_refused(where, status, said)
    if status in _NOT_TAKEN:
        return _query_refused(where, status, said)
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return StoreTimeout(
            message("The service failed (HTTP {status}): {said}", status=status, said=said),
            where=where,
            hint=_ITS_TIME,
        ).but_outside(_out_of_its_time())
    hint = _HINTS.get(status)
    if status == HTTPStatus.UNAUTHORIZED:
        hint = _NOT_LET_IN if known else _STRANGER
    return StoreError(
        message("The service failed (HTTP {status}): {said}", status=status, said=said),
        where=where,
        hint=hint,
    ).but_outside(_busy(after) if status in _TOO_MUCH else away())


def _query_refused(where: str, status: int, said: str) -> QueryError:
    if status == _TOO_LARGE:
        problem = message(
            "The query or its answer is larger than the service allows (HTTP {status}): {said}",
            status=status,
            said=said,
        )
        hint = message("Ask for less at a time, or have the service allow more.")
        return QueryError(problem, where=where, hint=hint).but_outside(_too_large_for_it())
    return QueryError(
        message("The service does not take the query (HTTP {status}): {said}", status=status, said=said),
        where=where,
    ).but_outside(_not_taken() if status == HTTPStatus.BAD_REQUEST else _too_long_for_it())


def _load_refused(where: str, status: int, said: str) -> QueryError:
    large = message(
        "Have the service allow more, or load by --update, which sends the graph in small pieces if need be."
    )
    return QueryError(
        message("The service does not take what was sent (HTTP {status}): {said}", status=status, said=said),
        where=where,
        hint=large if status == _TOO_LARGE else None,
    )


def too_slow(where: str, seconds: float) -> StoreTimeout:
    """No whole answer came in time."""
    return StoreTimeout(
        message("The service did not answer within {seconds:g} s.", seconds=seconds),
        where=where,
        hint=message("Ask for less at a time, or try again later."),
    ).but_outside(late(seconds))


def partial(where: str) -> StoreTimeout:
    """The service has sent what it had when its time was up: no answer is better than a part of one."""
    return StoreTimeout(
        message("The service gave only a part of the answer."),
        where=where,
        hint=_ITS_TIME,
    ).but_outside(_out_of_its_time())


def cut(where: str, most: int) -> LimitError:
    """The service has as many rows, triples or things as it gives at most, and perhaps more."""
    problem = message(
        "The service gives at most {most} rows or triples, and this answer may have more.", most=most
    )
    less = message("Ask for less at a time, with LIMIT and OFFSET.")
    return LimitError(
        problem,
        limit="result-rows",
        value=str(most),
        where=where,
        hint=message(
            "Ask for less at a time, with LIMIT and OFFSET, or have the service give more: Virtuoso calls it "
            "ResultSetMaxRows."
        ),
    ).but_outside(LimitError(problem, limit="result-rows", value=str(most), hint=less))


def unreachable(where: str, reason: Message | str) -> StoreError:
    """There is no way to the service, or what came back is no HTTP."""
    return StoreError(
        message("The service cannot be reached: {reason}.", reason=reason),
        where=where,
        hint=message("Look at the address and at the network, and whether the service runs."),
    ).but_outside(away())


def left_alone(where: str, count: int, seconds: float) -> StoreError:
    """The service has failed too often to be asked now."""
    problem = message(
        "The service has failed {count} times in a row, and is left alone for a while.", count=count
    )
    left = max(1, math.ceil(seconds))
    hint = message("Try again in {seconds:.0f} s.", seconds=left)
    return StoreError(problem, where=where, hint=hint).but_outside(
        Unavailable(problem, hint=hint, retry_after=left)
    )


def too_large(where: str, most: int) -> LimitError:
    """The answer has more bytes than are read of one."""
    value, hint = show_size(most), message("Ask for less at a time.")
    problem = message("The answer of the service is larger than the {most} that are read of one.", most=value)
    return LimitError(problem, limit="engine-bytes", value=value, where=where, hint=hint).but_outside(
        LimitError(problem, limit="engine-bytes", value=value, hint=hint)
    )


def unreadable(where: str, media_type: str, reason: Message | str) -> StoreError:
    """The answer is not what was asked for."""
    return StoreError(
        message(
            "The service answered with {type}, which cannot be read: {reason}.",
            type=in_line(media_type) or "–",
            reason=reason,
        ),
        where=where,
        hint=_WRONG_ADDRESS,
    ).but_outside(_no_answer())


def being_filled(where: str) -> StoreError:
    """``bibgraph load`` is at work there, or was stopped in the midst of it."""
    problem = message("The service is being filled with another version of the graph.")
    return StoreError(
        problem,
        where=where,
        hint=message(
            "Try again in a moment. If it stays so, «bibgraph load» did not end well: run it again."
        ),
    ).but_outside(Unavailable(problem, hint=message("Try again in a moment."), retry_after=_SOON))


def no_graph(where: str, graph: str) -> Forbidden:
    """The service, which nobody loaded, has no such graph."""
    problem = message("There is no graph {graph} here.", graph=graph)
    return Forbidden(problem, where=where).but_outside(Forbidden(problem))
