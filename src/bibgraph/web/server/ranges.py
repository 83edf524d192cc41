"""Parts of what is whole (RFC 9110, section 14)."""

from __future__ import annotations

import re
import sys

from bibgraph.web.server.conditions import OK
from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Headers

PARTIAL = 206
_RANGE = re.compile(r"bytes=[ \t,]*(?:(\d+)-(\d*)|-(\d+))[ \t,]*", re.ASCII | re.IGNORECASE)
_MOST_DIGITS = 18


def asked(headers: Headers) -> bool:
    """Whether a part is asked for."""
    return bool(headers.get("range"))


def part(reply: Reply, headers: Headers) -> Reply | None:
    """The part of a whole reply that a request by GET asks for; None if there is no such part: 416 is due.

    All of it where parts are not offered, where several are asked for, or in another unit, and where the
    client holds parts of another state (``If-Range``, section 13.1.5).
    """
    found = _RANGE.fullmatch((headers.get("range") or "").strip())
    offered = reply.status == OK and reply.header("accept-ranges") == "bytes"
    if found is None or not offered or not _is_as_before(reply, headers.get("if-range")):
        return reply
    size = len(reply.body)
    if found[3]:
        start, end = max(size - _number(found[3]), 0), size
    else:
        start, last = _number(found[1]), _number(found[2]) if found[2] else sys.maxsize
        if last < start:
            return reply
        end = min(last + 1, size)
    if start >= end:
        return None
    content_range = ("Content-Range", f"bytes {start}-{end - 1}/{size}")
    return Reply(PARTIAL, (*reply.headers, content_range), reply.body[start:end], reply.etag)


def none_of(size: int) -> tuple[str, str]:
    """The header that tells of how many bytes there is no such part."""
    return "Content-Range", f"bytes */{size}"


def _is_as_before(reply: Reply, state: str | None) -> bool:
    """Whether the reply is in this state: a strong tag, or the very date that it had."""
    if not state:
        return True
    return state.strip() in {reply.etag, reply.header("last-modified")} - {""}


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else sys.maxsize
