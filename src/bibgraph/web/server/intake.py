"""What comes in, bounded before anything else looks at it: addresses, bodies, the time they may take."""

from __future__ import annotations

import asyncio
from typing import Any

from bibgraph.errors import LimitError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.web.http.decoding import MalformedRequest

_LONGEST_ADDRESS = 32 * 1024
_SECONDS_FOR_BODY = 20.0


def refuse_malformed(scope: Any) -> None:  # noqa: ANN401  # granian has no types for these
    """Raise LimitError for an address that is too long, MalformedRequest for what HTTP does not allow."""
    if len(scope.path) + len(scope.query_string) > _LONGEST_ADDRESS:
        raise LimitError(
            message(
                "The address is longer than the {limit} characters that are read.", limit=_LONGEST_ADDRESS
            ),
            limit="address",
            value=str(_LONGEST_ADDRESS),
            hint=message("Send a long query by POST."),
        )
    hosts = len(scope.headers.get_all("host"))
    if hosts > 1 or (not hosts and scope.http_version == "1.1"):
        raise MalformedRequest(message("The request must have one header Host."))
    if "\ufffd" in scope.path:  # what cannot be read as UTF-8 comes so
        raise MalformedRequest(message("The address is not UTF-8."))


async def body_of(scope: Any, protocol: Any, limits: Limits) -> bytes:  # noqa: ANN401
    """The body of a request. Raises LimitError for one that is too large, or too slow in coming."""
    stated = scope.headers.get("content-length")
    if stated and stated.isdigit() and int(stated) > limits.request_bytes:
        raise _too_large(limits)
    pieces, size = [], 0
    try:
        async with asyncio.timeout(_SECONDS_FOR_BODY):
            async for piece in protocol:
                size += len(piece)
                if size > limits.request_bytes:
                    raise _too_large(limits)
                pieces.append(piece)
    except TimeoutError as error:
        raise LimitError(
            message("The body of the request did not come in time."),
            limit="body-time",
            value=f"{_SECONDS_FOR_BODY:g} s",
            hint=message("Try again in a moment."),
        ) from error
    return b"".join(pieces)


def _too_large(limits: Limits) -> LimitError:
    return LimitError(
        message(
            "The body of the request is larger than the {limit} bytes that are read.",
            limit=limits.request_bytes,
        ),
        limit="query-bytes",
        value=limits.value("query_bytes"),
        hint=message("Ask in several smaller queries."),
    )
