"""What comes in, bounded before anything else looks at it: addresses, headers, bodies, and their time."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from bibgraph.errors import BibgraphError, LimitError
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.web.http.decoding import MalformedRequest, decode_percent, decode_utf8
from bibgraph.web.http.problems import UnknownMethod
from bibgraph.web.server.request import Request

READING = ("GET", "HEAD")
"""Methods whose requests have no body that is looked at."""
LARGEST_HEAD = 64 * 1024
"""Bytes of a request line and headers."""
MOST_HEADERS = 200
CONNECTIONS = 2000
"""Open at one time."""
SECONDS_FOR_HEAD = 10.0
SECONDS_FOR_BODY = 20.0

_LONGEST_ADDRESS = 32 * 1024
_REMEMBERED = 256
_SOON = 5
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?")
_ONCE = ("content-type", "content-encoding", "content-length", "transfer-encoding")
"""Headers that say what a body is: of two, one reader would take the first and the next one the last."""
_VERSIONS = ("1.0", "1.1")


def look_at_head(request: Request, target: bytes, limits: Limits) -> None:
    """Read the target of a request (RFC 9112, section 3.2) of which all headers have been read.

    What is wrong with it, with its headers, or with the length of the body that they tell, is its fault.
    """
    try:
        _read_target(request, target)
        _refuse_malformed(request)
        if request.method not in READING:
            _refuse_unclear(request)
        stated = request.headers.get("content-length")
        if stated and stated.isdigit() and int(stated.lstrip("0") or 0) > limits.request_bytes:
            raise body_too_large(limits)
    except BibgraphError as error:
        request.fault = request.fault or error


def _read_target(request: Request, target: bytes) -> None:
    if len(target) > _LONGEST_ADDRESS:
        raise address_too_long()
    if not target.startswith(b"/"):
        target = _origin(request, target)
    path, _, query = target.partition(b"#")[0].partition(b"?")
    request.path = decode_percent(path, "URL") if b"%" in path else decode_utf8(path, "URL")
    request.query_string = decode_utf8(query, "URL")


def _origin(request: Request, target: bytes) -> bytes:
    """The part of an address in full that comes after its host; an asterisk as it is."""
    if target == b"*" and request.method == "OPTIONS":
        return target
    try:
        found = urlsplit(target)
    except ValueError:
        found = urlsplit(b"")
    if found.scheme.lower() != b"http" or not found.netloc:
        raise MalformedRequest(
            message("The request must begin with a method in capitals and an address that begins with «/».")
        )
    request.headers.put("host", found.netloc)  # which counts, whatever the header says
    return (found.path or b"/") + (b"?" + found.query if found.query else b"")


def _refuse_malformed(request: Request) -> None:
    """Raise MalformedRequest for what HTTP does not allow."""
    hosts = request.headers.get_all("host")
    if len(hosts) > 1 or (not hosts and request.http_version == "1.1"):
        raise MalformedRequest(message("The request must have one header Host."))
    if hosts and not _is_host(hosts[0]):
        raise MalformedRequest(message("The header Host names no host."))
    in_chunks = "transfer-encoding" in request.headers.keys()  # noqa: SIM118  # not a mapping
    if request.http_version not in _VERSIONS or (in_chunks and request.http_version == "1.0"):
        raise unreadable()


@lru_cache(maxsize=_REMEMBERED)
def _is_host(text: str) -> bool:
    """Whether this is what RFC 3986 (section 3.2.2) lets stand for a host, perhaps with a port."""
    return bool(_HOST.fullmatch(text))


def _refuse_unclear(request: Request) -> None:
    """Raise MalformedRequest unless it is clear where the body ends and what it is (RFC 9112, section 6)."""
    for name in request.headers.keys() & _ONCE:
        if len(request.headers.get_all(name)) > 1 or not request.headers.get(name):
            raise MalformedRequest(message("The request must have one readable header {name}.", name=name))
    coding = request.headers.get("transfer-encoding")
    if coding and coding.lower() != "chunked":
        raise MalformedRequest(message("The body of a request may be sent in chunks, but not packed."))


def expects(request: Request) -> bool:
    """Whether the client waits to be told to send a body that we would read (RFC 9110, section 10.1.1)."""
    expected = request.headers.get("expect", "").lower()
    return expected == "100-continue" and request.http_version == "1.1" and request.fault is None


def without_upgrade(request: Request) -> bytes:
    """The head of a request that has the same body, and does not ask for another protocol."""
    framing = [
        f"{name}: {value}"
        for name in ("content-length", "transfer-encoding")
        for value in request.headers.get_all(name)
    ]
    wishes = {wish.strip().lower() for wish in request.headers.get("connection", "").split(",")}
    framing += [f"connection: {wish}" for wish in ("close", "keep-alive") if wish in wishes]
    return "\r\n".join((f"POST / HTTP/{request.http_version}", *framing, "", "")).encode("latin-1")


def unreadable() -> BibgraphError:
    """The error for bytes that are no request of HTTP."""
    return MalformedRequest(message("What came is no request of HTTP 1.1 or 1.0."))


def unknown_method() -> BibgraphError:
    """The error for a method that HTTP has not."""
    return UnknownMethod(
        message("There is no such method in HTTP."), hint=message("Ask by GET, HEAD, POST or OPTIONS.")
    )


def address_too_long() -> LimitError:
    """The error for a longer address than is read."""
    return LimitError(
        message("The address is longer than the {limit} characters that are read.", limit=_LONGEST_ADDRESS),
        limit="address",
        value=str(_LONGEST_ADDRESS),
        hint=message("Send a long query by POST."),
    )


def head_too_large(target: bytes) -> LimitError:
    """The error for more headers than are read, or a longer address."""
    if len(target) > _LONGEST_ADDRESS:
        return address_too_long()
    return LimitError(
        message(
            "The headers are larger than the {limit} bytes that are read, or more than {most}.",
            limit=LARGEST_HEAD,
            most=MOST_HEADERS,
        ),
        limit="headers",
        value=str(LARGEST_HEAD),
        hint=message("Send fewer and shorter headers."),
    )


def body_too_large(limits: Limits) -> LimitError:
    """The error for a larger body than is read."""
    return LimitError(
        message(
            "The body of the request is larger than the {limit} bytes that are read.",
            limit=limits.request_bytes,
        ),
        limit="query-bytes",
        value=limits.value("query_bytes"),
        hint=message("Ask in several smaller queries."),
    )


def too_slow(*, head: bool) -> LimitError:
    """The error for a request of which the head, or the body, does not come in time."""
    return LimitError(
        message("The headers of the request did not come in time.")
        if head
        else message("The body of the request did not come in time."),
        limit="header-time" if head else "body-time",
        value=f"{SECONDS_FOR_HEAD if head else SECONDS_FOR_BODY:g} s",
        hint=message("Try again in a moment."),
    )


def crowded() -> LimitError:
    """The error for a request that does not come in one go while many others want to be heard."""
    return LimitError(
        message("So many connections are open that yours had to make room before the request was there."),
        limit="connections",
        retry_after=_SOON,
        value=str(CONNECTIONS),
        hint=message("Try again in a moment."),
    )


def cut_off() -> BibgraphError:
    """The error for a body that is cut off: the beginning of a query may be another query."""
    return MalformedRequest(message("The body of the request was cut off."))
