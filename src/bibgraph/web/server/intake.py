"""What comes in, bounded before anything else looks at it: addresses, bodies, the time they may take."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import Any

from bibgraph.errors import LimitError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.web.http.decoding import MalformedRequest

_LONGEST_ADDRESS = 32 * 1024
_SECONDS_FOR_BODY = 20.0
_REMEMBERED = 256
_HOST = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=%:\[\]]*")
_ONCE = ("content-type", "content-encoding", "content-length", "transfer-encoding")
"""Headers that say what a body is: of two, one reader would take the first and the next one the last."""


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
    hosts = scope.headers.get_all("host")
    if len(hosts) > 1 or (not hosts and scope.http_version == "1.1"):
        raise MalformedRequest(message("The request must have one header Host."))
    if hosts and not _is_host(hosts[0]):
        raise MalformedRequest(message("The header Host names no host."))
    if "\ufffd" in scope.path:  # what cannot be read as UTF-8 comes so
        raise MalformedRequest(message("The address is not UTF-8."))
    if not (scope.path and scope.method.isupper()):
        raise MalformedRequest(
            message("The request must begin with a method in capitals and an address that begins with «/».")
        )


@lru_cache(maxsize=_REMEMBERED)
def _is_host(text: str) -> bool:
    """Whether this is what RFC 3986 (section 3.2.2) lets stand for a host, perhaps with a port."""
    return bool(_HOST.fullmatch(text))


def _refuse_unclear(headers: Any) -> None:  # noqa: ANN401
    """Raise MalformedRequest unless it is clear where the body ends and what it is (RFC 9112, section 6)."""
    for name in set(headers.keys()).intersection(_ONCE):
        if len(headers.get_all(name)) > 1 or not headers.get(name):
            raise MalformedRequest(message("The request must have one readable header {name}.", name=name))
    coding = headers.get("transfer-encoding")
    if coding and coding.strip().lower() != "chunked":
        raise MalformedRequest(message("The body of a request may be sent in chunks, but not packed."))


async def body_of(scope: Any, protocol: Any, limits: Limits) -> bytes:  # noqa: ANN401
    """The whole body of a request.

    Raises LimitError for one that is too large, or too slow in coming; MalformedRequest for one that is cut
    off, since the beginning of a query may be another query.
    """
    _refuse_unclear(scope.headers)
    stated = scope.headers.get("content-length")
    if stated and stated.isdigit() and int(stated) > limits.request_bytes:
        raise _too_large(limits)
    pieces, size, ends = [], 0, 0
    try:
        async with asyncio.timeout(_SECONDS_FOR_BODY):
            async for piece in protocol:
                size += len(piece)
                ends += not piece
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
    # So the server below tells that the connection failed: an end of its own, then the usual one.
    if ends > 1:
        raise MalformedRequest(message("The body of the request was cut off, or has trailers after it."))
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
