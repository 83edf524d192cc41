"""Requests that hold only for one state of what they ask for (RFC 9110, section 13)."""

from __future__ import annotations

from werkzeug.http import parse_date

from bibgraph.web.server.reply import Reply
from bibgraph.web.server.request import Headers

OK = 200
NOT_MODIFIED = 304
_OF_THE_CONTENT = ("content-type", "content-encoding", "content-language", "content-disposition")
_WEAK = "W/"
_BEFORE = f",{_WEAK}"
_BETWEEN = ("", ",", " ", "\t")
"""What stands beside a member of a list, if anything."""
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
        return not (_is_any(wanted) or _names(wanted, reply.etag))
    modified, asked = parse_date(reply.header("last-modified")), parse_date(until)
    return modified is not None and asked is not None and modified > asked


def forbid(shown: Reply, headers: Headers) -> bool:
    """Whether a request that does not only read is for another state: 412 is due (section 13.2.2).

    shown: what GET brings at the address, which conditions are about, and not the request's own reply. That
    the request can be answered shows that there is something at the address, so ``*`` is always right.
    """
    wanted, unwanted = headers.get("if-match"), headers.get("if-none-match")
    right = _is_any(wanted) or _names(wanted, shown.etag) if wanted else not fails(shown, headers)
    if unwanted and (_is_any(unwanted) or _names(unwanted, shown.etag, weak=True)):
        return True
    return not right


def unless_known(reply: Reply, headers: Headers) -> Reply:
    """The reply, or 304 if the client has it (sections 13.1.2, 13.1.3 and 15.4.5)."""
    if reply.status != OK or not reply.etag:
        return reply
    tags, since = headers.get("if-none-match"), headers.get("if-modified-since")
    if tags:
        known = _is_any(tags) or _names(tags, reply.etag, weak=True)
    else:
        modified, asked = parse_date(reply.header("last-modified")), parse_date(since)
        known = modified is not None and asked is not None and modified <= asked
    if not known:
        return reply
    kept = tuple(pair for pair in reply.headers if pair[0].lower() not in _OF_THE_CONTENT)
    return Reply(NOT_MODIFIED, kept, etag=reply.etag)


def _is_any(listed: str) -> bool:
    return listed.strip() == "*"


def _names(listed: str, tag: str, *, weak: bool = False) -> bool:
    """Whether a list of tags has this one. weak: it may stand there as a weak one (section 8.8.3.2).

    It is looked for in the text as it came: to read only so many of a long list would say 412 to whoever has
    the right tag at its end, and to take all of it apart takes fifteen times its memory.
    """
    place = listed.find(tag) if tag else -1
    while place >= 0:
        before, end = listed[max(place - len(_BEFORE), 0) : place], place + len(tag)
        before = before.removesuffix(_WEAK) if weak else before
        if before[-1:] in _BETWEEN and listed[end : end + 1] in _BETWEEN:
            return True
        place = listed.find(tag, place + 1)
    return False
