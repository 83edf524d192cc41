"""What comes in, bounded before anything else looks at it: addresses, headers, bodies, and their time."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from bibgraph.errors import BibgraphError, LimitError
from bibgraph.limits import Limits, show_size
from bibgraph.messages import message
from bibgraph.web.http.decoding import MalformedRequest, decode_percent, decode_utf8
from bibgraph.web.http.problems import UnknownMethod, UnknownVersion
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
_MEMORABLE = 300
"""Characters of a host that is remembered: names have 253 at most (RFC 1035)."""
_SOON = 5
_HOST = re.compile(
    r"(?:\[([0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+)(?::0*([0-9]{0,5}))?"
)
_LAST_PORT = 65535
_TAKES_ALL = b"/sparql"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ONCE = ("content-type", "content-encoding", "content-length", "transfer-encoding")
"""Headers that say what a body is: of two, one reader would take the first and the next one the last."""
_VERSIONS = ("1.0", "1.1")
_CHUNKED = "chunked"


class UnknownCoding(UnknownMethod):
    """The body is in a transfer coding that this service does not read (RFC 9112, section 6.1)."""


def read_as(version: str) -> str:
    """The version of HTTP that one like this is read as: later ones of HTTP 1 as 1.1 (RFC 9110, 2.5)."""
    return _VERSIONS[-1] if version.startswith("1.") and version > _VERSIONS[-1] else version


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
    if b"#" in target:
        raise MalformedRequest(
            message("The address of a request has no «#» in it."), hint=message("Send that as %23.")
        )
    if not target.startswith(b"/"):
        target = _origin(request, target)
    path, _, query = target.partition(b"?")
    request.path = decode_percent(path, "URL") if b"%" in path else decode_utf8(path, "URL")
    request.query_string = decode_utf8(query, "URL")


def _origin(request: Request, target: bytes) -> bytes:
    """The part of an address in full that comes after its host.

    An asterisk asks what the service takes at all (RFC 9110, section 9.3.7): no address takes more than the
    one that stands for it here.
    """
    if target == b"*" and request.method == "OPTIONS":
        return _TAKES_ALL
    try:
        found = urlsplit(target)
    except ValueError:
        found = urlsplit(b"")
    if found.scheme.lower() != b"http" or not found.netloc:
        raise MalformedRequest(
            message("The request must begin with a method in capitals and an address that begins with «/».")
        )
    _refuse_hosts(request)
    request.headers.put("host", found.netloc)  # which counts, whatever the header says
    return (found.path or b"/") + (b"?" + found.query if found.query else b"")


def _refuse_malformed(request: Request) -> None:
    """Raise MalformedRequest for what HTTP does not allow, UnknownCoding for what we do not read."""
    _refuse_hosts(request)
    in_chunks = "transfer-encoding" in request.headers.keys()  # noqa: SIM118  # not a mapping
    if request.http_version not in _VERSIONS:
        raise UnknownVersion(message("What came is no request of HTTP 1.1 or 1.0."))
    if in_chunks and request.http_version == "1.0":
        raise unreadable()
    if in_chunks:
        _refuse_coded(request.headers.get("transfer-encoding", ""))


def _refuse_hosts(request: Request) -> None:
    """Raise MalformedRequest unless there is one host (RFC 9112, section 3.2), or none in HTTP 1.0."""
    hosts = request.headers.get_all("host")
    if len(hosts) > 1 or (not hosts and request.http_version == "1.1"):
        raise MalformedRequest(message("The request must have one header Host."))
    if hosts and not (_is_host if len(hosts[0]) > _MEMORABLE else _remembered)(hosts[0]):
        raise MalformedRequest(message("The header Host names no host."))


def _refuse_coded(listed: str) -> None:
    """Raise UnknownCoding for a body that is sent in chunks and coded otherwise before (RFC 9112, 6.1).

    Raises MalformedRequest where it is not clear what the body is.
    """
    *before, last = (coding.strip(" \t").lower() for coding in listed.split(","))
    if last == _CHUNKED and not before:
        return
    problem = message("The body of a request may be sent in chunks, but not packed.")
    if last == _CHUNKED and all(coding != _CHUNKED and _TOKEN.fullmatch(coding) for coding in before):
        raise UnknownCoding(problem)
    raise MalformedRequest(problem)


def _is_host(text: str) -> bool:
    """Whether this is a host that an address of HTTP can have, perhaps with a port (RFC 9110, 4.2.1)."""
    found = _HOST.fullmatch(text)
    return found is not None and int(found[2] or 0) <= _LAST_PORT and (not found[1] or _is_v6(found[1]))


_remembered = lru_cache(maxsize=_REMEMBERED)(_is_host)


def _is_v6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _refuse_unclear(request: Request) -> None:
    """Raise MalformedRequest unless it is clear where the body ends and what it is (RFC 9112, section 6)."""
    for name in request.headers.keys() & _ONCE:
        if len(request.headers.get_all(name)) > 1 or not request.headers.get(name):
            raise MalformedRequest(message("The request must have one readable header {name}.", name=name))


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


def too_many_bodies(most: int) -> LimitError:
    """The error for a body that others leave no room for. most: bytes of all."""
    return LimitError(
        message("Too many large bodies of requests are coming in already."),
        limit="incoming",
        retry_after=_SOON,
        value=show_size(most),
        hint=message("Try again in a moment."),
    )


def cut_off() -> BibgraphError:
    """The error for a body that is cut off: the beginning of a query may be another query."""
    return MalformedRequest(message("The body of the request was cut off."))
