"""Requests that hold only for one state of what they ask for (RFC 9110, section 13)."""

from __future__ import annotations

from werkzeug.http import parse_date

from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Headers

OK = 200
NOT_MODIFIED = 304
_OF_THE_CONTENT = ("content-type", "content-encoding", "content-language", "content-disposition")
_STATED = frozenset(("if-match", "if-none-match", "if-modified-since", "if-unmodified-since"))


def stated(headers: Headers) -> bool:
    """Whether the request has conditions at all."""
    return not _STATED.isdisjoint(headers.keys())


def fails(reply: Reply, headers: Headers) -> bool:
    """Whether the request is for another state than the reply's: 412 is due."""
    if reply.status != OK:
        return False
    wanted, until = headers.get("if-match"), headers.get("if-unmodified-since")
    if wanted:
        return wanted.strip() != "*" and reply.etag not in _tags(wanted)
    modified, asked = parse_date(reply.header("last-modified")), parse_date(until)
    return modified is not None and asked is not None and modified > asked


def unless_known(reply: Reply, headers: Headers) -> Reply:
    """The reply, or 304 if the client has it (sections 13.1.2, 13.1.3 and 15.4.5)."""
    if reply.status != OK or not reply.etag:
        return reply
    tags, since = headers.get("if-none-match"), headers.get("if-modified-since")
    if tags:
        known = tags.strip() == "*" or reply.etag in {each.removeprefix("W/") for each in _tags(tags)}
    else:
        modified, asked = parse_date(reply.header("last-modified")), parse_date(since)
        known = modified is not None and asked is not None and modified <= asked
    if not known:
        return reply
    kept = tuple(pair for pair in reply.headers if pair[0].lower() not in _OF_THE_CONTENT)
    return Reply(NOT_MODIFIED, kept, etag=reply.etag)


def _tags(listed: str) -> set[str]:
    return {each.strip() for each in listed.split(",")}
