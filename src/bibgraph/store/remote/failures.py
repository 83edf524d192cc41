"""What a service's failures are called, so that a reader knows what to do."""

from __future__ import annotations

from http import HTTPStatus

from bibgraph.errors import BibgraphError, LimitError, QueryError, StoreError, StoreTimeout
from bibgraph.limits import show_size
from bibgraph.messages import Message, message

_SHOWN = 300
_BAD_QUERY = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
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


def refused(where: str, status: int, body: bytes, *, known: bool, address: str = "") -> BibgraphError:
    """The service answered with an error. known: it was told who asks. address: where it sent us instead."""
    said = address or " ".join(body.decode("utf-8", "replace").split())[:_SHOWN] or "–"
    if status in _BAD_QUERY:
        return QueryError(
            message("The service does not take the query (HTTP {status}): {said}", status=status, said=said),
            where=where,
        )
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return StoreTimeout(
            message("The service failed (HTTP {status}): {said}", status=status, said=said),
            where=where,
            hint=message("The query took too long there: ask for less at a time."),
        )
    hint = _HINTS.get(status)
    if status == HTTPStatus.UNAUTHORIZED:
        hint = _NOT_LET_IN if known else _STRANGER
    return StoreError(
        message("The service failed (HTTP {status}): {said}", status=status, said=said),
        where=where,
        hint=hint,
    )


def too_slow(where: str, seconds: float) -> StoreTimeout:
    """No whole answer came in time."""
    return StoreTimeout(
        message("The service did not answer within {seconds:g} seconds.", seconds=seconds),
        where=where,
        hint=message("Ask for less at a time, or try again later."),
    )


def partial(where: str) -> StoreTimeout:
    """The service has sent what it had when its time was up: no answer is better than a part of one."""
    return StoreTimeout(
        message("The service gave only a part of the answer."),
        where=where,
        hint=message("The query took too long there: ask for less at a time."),
    )


def cut(where: str, most: int) -> LimitError:
    """The service has as many rows, triples or things as it gives at most, and perhaps more."""
    return LimitError(
        message(
            "The service gives at most {most} rows or triples, and this answer may have more.", most=most
        ),
        limit="result-rows",
        value=str(most),
        where=where,
        hint=message(
            "Ask for less at a time, with LIMIT and OFFSET, or have the service give more: Virtuoso calls it "
            "ResultSetMaxRows."
        ),
    )


def unreachable(where: str, reason: str) -> StoreError:
    """There is no way to the service, or what came back is no HTTP."""
    return StoreError(
        message("The service cannot be reached: {reason}.", reason=reason.rstrip(".")),
        where=where,
        hint=message("Look at the address and at the network, and whether the service runs."),
    )


def left_alone(where: str, count: int, seconds: float) -> StoreError:
    """The service has failed too often to be asked now."""
    return StoreError(
        message("The service has failed {count} times in a row, and is left alone for a while.", count=count),
        where=where,
        hint=message("Try again in {seconds:.0f} seconds.", seconds=max(1.0, seconds)),
    )


def too_large(where: str, most: int) -> LimitError:
    """The answer has more bytes than are read of one."""
    return LimitError(
        message(
            "The answer of the service is larger than the {most} that are read of one.", most=show_size(most)
        ),
        limit="result-bytes",
        value=show_size(most),
        where=where,
        hint=message("Ask for less at a time."),
    )


def unreadable(where: str, media_type: str, reason: str) -> StoreError:
    """The answer is not what was asked for."""
    return StoreError(
        message(
            "The service answered with {type}, which cannot be read: {reason}.",
            type=media_type,
            reason=reason.rstrip("."),
        ),
        where=where,
        hint=_WRONG_ADDRESS,
    )


def being_filled(where: str) -> StoreError:
    """``bibgraph load`` is at work there, or was stopped in the midst of it."""
    return StoreError(
        message("The service is being filled with another version of the graph."),
        where=where,
        hint=message(
            "Try again in a moment. If it stays so, «bibgraph load» did not end well: run it again."
        ),
    )
