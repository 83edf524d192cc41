"""Requests as they are read from bytes: the same however the bytes are cut, and bounded (RFC 9112)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bibgraph.errors import BibgraphError, LimitError
from bibgraph.limits import Limits
from bibgraph.web.http.decoding import MalformedRequest
from bibgraph.web.http.problems import UnknownMethod, UnknownVersion
from bibgraph.web.server import intake
from bibgraph.web.server.intake import UnknownCoding
from bibgraph.web.server.reading import BODY, HEAD, NOTHING, Reader
from bibgraph.web.server.request import Request
from bibgraph.web.server.shares import SMALL, Body, Shares, for_bodies

LIMITS = Limits(query_bytes=100)
MOST = LIMITS.request_bytes
PIECE = 4096
CHUNKED = "Transfer-Encoding: chunked"
UPGRADE = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
"""What Java's client sends with its first request, and others that would rather speak HTTP/2."""


def reader() -> Reader:
    return Reader("192.0.2.7", ("a", "80"), LIMITS, room())


def room() -> Body:
    return Body(for_bodies(MOST), "192.0.2.7")


def fed(found: Reader, pieces: Iterable[bytes]) -> list[Request]:
    """All requests that have come out after these."""
    for piece in pieces:
        found.feed(piece)
    return list(found.requests)


def read(*pieces: bytes) -> list[Request]:
    return fed(reader(), pieces)


def head(line: str, *fields: str) -> bytes:
    return "".join(f"{text}\r\n" for text in (line, *fields, "")).encode("latin-1")


def get(target: str, *fields: str) -> bytes:
    return head(f"GET {target} HTTP/1.1", "Host: a", *fields)


def post(body: bytes, *fields: str) -> bytes:
    return head("POST /p HTTP/1.1", "Host: a", *fields) + body


def sized(body: bytes, *fields: str) -> bytes:
    return post(body, f"Content-Length: {len(body)}", *fields)


def chunks(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def cut(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def summary(requests: Iterable[Request]) -> list[tuple[object, ...]]:
    """All that a request says, to be compared."""
    return [
        (
            *(one.method, one.path, one.query_string, one.http_version, one.kept, one.body),
            {name: one.headers.get_all(name) for name in one.headers.keys()},  # noqa: SIM118  # not a mapping
            one.fault and one.fault.text("en"),
        )
        for one in requests
    ]


@dataclass(frozen=True)
class Sent:
    """A request as it is sent, and what is to come out."""

    data: bytes
    path: str
    body: bytes


@st.composite
def _sent(draw: st.DrawFn) -> Sent:
    name = draw(st.text("abcæ", max_size=3))
    fields = draw(
        st.lists(st.sampled_from(["Accept: a/b", "X:", "x-Y: \t p  q \t", "Cookie: ø", "Cookie: b"]))
    )
    body = draw(st.binary(max_size=40))
    way = draw(st.sampled_from(["none", "length", "chunks", "get"]))
    path = "".join(f"%{byte:02x}" for byte in name.encode())
    if way in ("none", "get"):
        length = (f"Content-Length: {len(body)}",) if way == "get" else ()
        data = get(f"/{path}?q=%C3", *fields, *length) + (body if way == "get" else b"")
        return Sent(data, f"/{name}", body if way == "get" else b"")
    if way == "length":
        return Sent(sized(body, *fields), "/p", body)
    return Sent(post(chunks(body, draw(st.integers(1, 9))), *fields, CHUNKED), "/p", body)


@given(st.lists(_sent(), max_size=5), st.data())
def test_the_same_requests_come_out_however_the_bytes_are_cut(sent: list[Sent], data: st.DataObject) -> None:
    whole = b"".join(one.data for one in sent)
    places = data.draw(st.lists(st.integers(0, len(whole)), max_size=8).map(sorted))
    pieces = [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True)]
    at_once = read(whole)
    assert [(one.path, one.body, one.fault, one.kept) for one in at_once] == [
        (one.path, one.body, None, True) for one in sent
    ]
    assert summary(read(*pieces)) == summary(at_once)
    assert summary(read(*cut(whole, 1))) == summary(at_once)


FAULTY: dict[str, tuple[bytes, type[BibgraphError], str]] = {
    "method": (head("FETCH / HTTP/1.1", "Host: a"), MalformedRequest, ""),
    "method in small letters": (head("get / HTTP/1.1", "Host: a"), MalformedRequest, ""),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00", MalformedRequest, ""),
    "version": (head("GET / HTTP/2.0", "Host: a"), UnknownVersion, ""),
    "version of long ago": (b"GET /\r\n\r\n", UnknownVersion, ""),
    "no host": (head("GET / HTTP/1.1"), MalformedRequest, ""),
    "two hosts": (get("/", "Host: b"), MalformedRequest, ""),
    "odd host": (head("GET / HTTP/1.1", "Host: a/b"), MalformedRequest, ""),
    "empty host": (head("GET / HTTP/1.1", "Host:"), MalformedRequest, ""),
    "empty host in 1.0": (head("GET / HTTP/1.0", "Host:"), MalformedRequest, ""),
    "port without a host": (head("GET / HTTP/1.1", "Host: :80"), MalformedRequest, ""),
    "port beyond all": (head("GET / HTTP/1.1", "Host: a:65536"), MalformedRequest, ""),
    "address in full, no host": (head("GET http://b/ HTTP/1.1"), MalformedRequest, ""),
    "address in full, two hosts": (get("http://b/", "Host: a"), MalformedRequest, ""),
    "address in full, odd host": (head("GET http://b/ HTTP/1.1", "Host: a b"), MalformedRequest, ""),
    "fragment": (get("/a#b"), MalformedRequest, ""),
    "target": (get("a"), MalformedRequest, ""),
    "target of another kind": (get("ftp://a/"), MalformedRequest, ""),
    "target that is no address": (get("http://[a/"), MalformedRequest, ""),
    "target of a safe kind": (get("https://a/"), MalformedRequest, ""),
    "asterisk": (get("*"), MalformedRequest, ""),
    "tunnel": (head("CONNECT a:80 HTTP/1.1", "Host: a"), MalformedRequest, ""),
    "encoding of a path": (get("/%f"), MalformedRequest, ""),
    "encoding of characters": (get("/%ff"), MalformedRequest, ""),
    "long address": (get(f"/{'a' * 32 * 1024}"), LimitError, "address"),
    "many headers": (get("/", *["X: y"] * intake.MOST_HEADERS), LimitError, "headers"),
    "two lengths": (post(b"a", "Content-Length: 1", "Content-Length: 1"), MalformedRequest, ""),
    "two kinds": (sized(b"a", "Content-Type: a/b", "Content-Type: c/d"), MalformedRequest, ""),
    "empty kind": (sized(b"a", "Content-Type:"), MalformedRequest, ""),
    "length of nothing": (post(b"", "Content-Length:"), MalformedRequest, ""),
    "length that is no number": (post(b"a", "Content-Length: +1"), MalformedRequest, ""),
    "length beyond all": (post(b"", f"Content-Length: {2**64}"), MalformedRequest, ""),
    "length and chunks": (post(b"0\r\n\r\n", CHUNKED, "Content-Length: 5"), MalformedRequest, ""),
    "packed body": (post(b"0\r\n\r\n", "Transfer-Encoding: gzip, chunked"), MalformedRequest, ""),
    "body without an end": (post(b"", "Transfer-Encoding: gzip"), MalformedRequest, ""),
    "chunks in 1.0": (
        head("POST /p HTTP/1.0", "Connection: keep-alive", CHUNKED) + b"0\r\n\r\n",
        MalformedRequest,
        "",
    ),
    "chunks in 1.0, of a GET": (
        head("GET /p HTTP/1.0", "Connection: keep-alive", CHUNKED) + b"0\r\n\r\n",
        MalformedRequest,
        "",
    ),
    "length of a chunk": (post(b"x\r\n", CHUNKED), MalformedRequest, ""),
    "end of a chunk": (post(b"1\r\nab\r\n0\r\n\r\n", CHUNKED), MalformedRequest, ""),
    "trailer that is a length": (post(b"0\r\nContent-Length: 30\r\n\r\n", CHUNKED), MalformedRequest, ""),
    "long body": (sized(bytes(MOST + 1)), LimitError, "query-bytes"),
    "long body in chunks": (post(chunks(bytes(MOST + 1), PIECE), CHUNKED), LimitError, "query-bytes"),
    "many small chunks": (post(chunks(bytes(11_000), 1), CHUNKED), MalformedRequest, ""),
    "line end of another kind": (b"GET / HTTP/1.1\nHost: a\n\n", MalformedRequest, ""),
    "folded header": (get("/", "X: y", "\tz"), MalformedRequest, ""),
    "zero": (get("/", "X: \0"), MalformedRequest, ""),
}


@pytest.mark.parametrize("size", [1, 7, PIECE, 2**30], ids=["bytes", "crumbs", "pieces", "whole"])
@pytest.mark.parametrize("name", FAULTY)
def test_what_is_wrong_comes_out_once_and_last_and_nothing_is_read_after_it(name: str, size: int) -> None:
    data, kind, limit = FAULTY[name]
    found = reader()
    requests = fed(found, cut(get("/before") + data + get("/after"), size))
    assert [one.path for one in requests[:-1]] == ["/before"]
    assert [one.fault for one in requests[:-1]] == [None]
    fault = requests[-1].fault
    assert _kind(fault) is kind
    assert getattr(fault, "limit", "") == limit
    assert not requests[-1].kept
    assert found.ended
    assert found.unfinished == NOTHING
    assert fed(found, [get("/later"), b"\0"]) == requests


def _kind(fault: BibgraphError | None) -> type[object]:
    """The kind of a fault, whether or not it says that it is the method that is wrong."""
    return MalformedRequest if isinstance(fault, UnknownMethod) else type(fault)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("FETCH / HTTP/1.1", UnknownMethod),
        ("GETS / HTTP/1.1", UnknownMethod),
        ("get / HTTP/1.1", UnknownMethod),
        ("G-T / HTTP/1.1", UnknownMethod),
        ("PLAY / HTTP/1.1", UnknownMethod),
        ("CONNECT a:80 HTTP/1.1", UnknownMethod),
        (f"{'A' * 5000} / HTTP/1.1", UnknownMethod),
        ("G@T / HTTP/1.1", MalformedRequest),
        ("g/T / HTTP/1.1", MalformedRequest),
        ("FETCH\t/ HTTP/1.1", MalformedRequest),
        (" GET / HTTP/1.1", MalformedRequest),
        ("\x16\x03\x01", MalformedRequest),
        ("FETCH", MalformedRequest),
    ],
)
@pytest.mark.parametrize("size", [1, 3, PIECE])
def test_a_method_that_http_has_not_is_told_from_what_is_no_http(
    line: str, kind: type[BibgraphError], size: int
) -> None:
    for before in (b"", b"\r\n"):
        (request,) = read(*cut(before + head(line, "Host: a"), size))
        assert type(request.fault) is kind


@pytest.mark.parametrize("size", [1, 5, PIECE])
def test_the_headers_of_a_request_by_an_unknown_method_are_read_and_nothing_else(size: int) -> None:
    sent = head("Get /path?query HTTP/1.1", "Accept: text/plain", "Content-Length: 3") + b"abc"
    (request,) = read(*cut(sent + get("/after"), size))
    assert isinstance(request.fault, UnknownMethod)
    assert request.headers.get("accept") == "text/plain"
    assert (request.path, request.body, request.kept) == ("", b"", False)


_BEFORE = {
    "none": b"",
    "an empty line": b"\r\n",
    "no body": b"\r\n" + get("/a") + b"\r\n",
    "two": get("/a") + get("/b", "Accept: text/csv"),
    "a body": sized(b"\r\n\r\nPLAY"),
    "chunks": get("/a", CHUNKED) + chunks(b"\r\n\r\nPLAY", 3),
}


@pytest.mark.parametrize("line", ["FETCH / HTTP/1.1", "PROPS / HTTP/1.1", "PLAY / HTTP/1.1"])
@pytest.mark.parametrize("before", _BEFORE.values(), ids=_BEFORE)
def test_an_unknown_method_is_told_behind_other_requests_in_one_piece(before: bytes, line: str) -> None:
    sent = head(line, "Host: a", "Accept: text/plain")
    *_, request = read(before + sent)
    assert isinstance(request.fault, UnknownMethod)
    assert request.headers.get("accept") == "text/plain"
    *_, begun = read(before + sent[:3], sent[3:])
    assert isinstance(begun.fault, UnknownMethod)
    *_, unreadable = read(before + b"\0" + sent)
    assert type(unreadable.fault) is MalformedRequest


def test_an_unknown_method_is_not_waited_for_without_end() -> None:
    found = reader()
    fed(found, cut(b"x" * 64, 1))
    assert (found.ended, found.unfinished) == (False, HEAD)
    (request,) = fed(found, [b"x"])
    assert isinstance(request.fault, UnknownMethod)


@pytest.mark.parametrize(
    ("said", "version"), [("1.2", "1.1"), ("1.9", "1.1"), ("1.1", "1.1"), ("1.0", "1.0")]
)
def test_later_versions_of_http_1_are_read_as_1_1(said: str, version: str) -> None:
    (request,) = read(head(f"GET / HTTP/{said}", "Host: a"))
    assert (request.fault, request.http_version, request.kept) == (None, version, version == "1.1")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("coding", "kind"),
    [
        ("gzip, chunked", UnknownCoding),
        ("x, y,CHUNKED", UnknownCoding),
        ("gzip", MalformedRequest),
        ("chunked, gzip", MalformedRequest),
        ("chunked, chunked", MalformedRequest),
        ('"x", chunked', MalformedRequest),
        (", chunked", MalformedRequest),
    ],
)
def test_a_coding_that_is_not_known_is_told_from_a_body_without_a_clear_end(
    method: str, coding: str, kind: type[BibgraphError]
) -> None:
    (request,) = read(head(f"{method} / HTTP/1.1", "Host: a", f"Transfer-Encoding: {coding}") + get("/after"))
    assert type(request.fault) is kind
    assert not request.kept


@pytest.mark.parametrize("size", [1, 2, PIECE])
def test_empty_lines_before_a_request_are_passed_over_and_no_more_than_so_many(size: int) -> None:
    found = reader()
    for _ in range(3):
        requests = fed(found, [*cut(b"\r\n" * 512, size), get("/")])
        assert (requests[-1].path, requests[-1].fault) == ("/", None)
    *_, last = fed(found, cut(b"\r\n" * (512 + PIECE), size))
    assert type(last.fault) is MalformedRequest
    assert found.ended


@pytest.mark.parametrize("size", [1, PIECE])
def test_an_unfinished_head_may_have_so_many_bytes_and_no_more(size: int) -> None:
    begun = get("/")[:-2] + b"X: "
    found = reader()
    fed(found, cut(begun + b"y" * (intake.LARGEST_HEAD - len(begun)), size))
    assert (found.ended, found.unfinished) == (False, HEAD)
    (request,) = fed(found, [b"y"])
    assert isinstance(request.fault, LimitError)
    assert request.fault.limit == "headers"


def test_a_head_is_counted_for_each_request_anew() -> None:
    large = get("/", f"X: {'y' * (intake.LARGEST_HEAD - 2 * PIECE)}")
    assert [one.fault for one in read(*cut(3 * large, PIECE))] == [None] * 3


def test_so_many_headers_are_read() -> None:
    (request,) = read(get("/", *[f"X: {number}" for number in range(intake.MOST_HEADERS - 1)]))
    assert request.fault is None
    assert len(request.headers.get_all("x")) == intake.MOST_HEADERS - 1


@pytest.mark.parametrize("size", [100, 2**30])
def test_a_body_of_just_the_length_that_is_allowed_is_read(size: int) -> None:
    body = bytes(MOST)
    for data in (sized(body), post(chunks(body, PIECE), CHUNKED)):
        assert [(one.body, one.fault) for one in read(*cut(data, size))] == [(body, None)]


def test_a_body_that_says_that_it_is_too_long_is_refused_before_it_comes() -> None:
    (request,) = read(post(b"", f"Content-Length: {MOST + 1}"))
    assert isinstance(request.fault, LimitError)


@pytest.mark.parametrize("more", [(), UPGRADE])
def test_a_length_may_begin_with_many_zeros(more: tuple[str, ...]) -> None:
    (request,) = read(post(b"a", f"Content-Length: {'0' * 5000}1", *more))
    assert (request.fault, request.body) == (None, b"a")


def test_a_trailer_is_passed_over() -> None:
    requests = read(post(b"1\r\na\r\n0\r\nX: y\r\nHost: b\r\n\r\n", CHUNKED) + get("/"))
    assert [(one.path, one.body, one.headers.get("x"), one.fault) for one in requests] == [
        ("/p", b"a", None, None),
        ("/", b"", None, None),
    ]
    assert requests[0].headers.get_all("host") == ["a"]


def test_chunks_are_refused_as_soon_as_they_are_too_many() -> None:
    found = reader()
    fed(found, [post(b"", CHUNKED)])
    assert not fed(found, [b"%x\r\n%b\r\n" % (MOST, bytes(MOST))])
    (request,) = fed(found, [b"1\r\na"])
    assert isinstance(request.fault, LimitError)


@pytest.mark.parametrize("begun", [b"0\r\nx", b"0\r\nx: y", b"0\r\nx: y\r\nz", b"0\r\nx:"])
def test_a_trailer_is_not_gathered_without_end(begun: bytes) -> None:
    found = reader()
    fed(found, [post(begun, CHUNKED)])
    for _ in range(2 * intake.LARGEST_HEAD // PIECE):
        fed(found, [b"y" * PIECE])
    assert found.ended
    assert type(found.requests[-1].fault) in (MalformedRequest, LimitError)


@pytest.mark.parametrize("data", [sized(bytes(MOST)), post(chunks(bytes(MOST), 2), CHUNKED)])
def test_a_body_is_not_kept_after_its_request_has_come_out(data: bytes) -> None:
    found = reader()
    fed(found, [data])
    found.requests.clear()
    held = [
        name for name, value in vars(found).items() if isinstance(value, (bytes, bytearray, list)) and value
    ]
    assert set(held) <= {"_target"}


@pytest.mark.parametrize(
    ("version", "said", "kept"),
    [
        ("1.1", "", True),
        ("1.1", "keep-alive", True),
        ("1.1", "close", False),
        ("1.1", "x, Close", False),
        ("1.0", "", False),
        ("1.0", "keep-alive", True),
        ("1.0", "x", False),
    ],
)
def test_a_connection_goes_on_as_version_and_header_say(version: str, said: str, *, kept: bool) -> None:
    fields = ("Host: a", f"Connection: {said}") if said else ("Host: a",)
    requests = read(head(f"GET /first HTTP/{version}", *fields) + get("/second"))
    assert requests[0].fault is None
    assert requests[0].kept is kept
    assert [one.path for one in requests] == (["/first", "/second"] if kept else ["/first"])


@pytest.mark.parametrize("size", [1, 2**30])
@pytest.mark.parametrize("body", [b"", b"query=ASK", get("/smuggled")], ids=["none", "text", "request"])
@pytest.mark.parametrize("in_chunks", [False, True])
def test_an_upgrade_that_is_offered_is_passed_over(size: int, body: bytes, *, in_chunks: bool) -> None:
    asked = post(chunks(body, 5), CHUNKED, *UPGRADE) if in_chunks else sized(body, *UPGRADE)
    first, after = read(*cut(asked + get("/next"), size))
    assert (first.fault, first.method, first.path, first.body) == (None, "POST", "/p", body)
    assert (after.path, after.fault) == ("/next", None)


@pytest.mark.parametrize(
    ("version", "said", "kept"),
    [("1.1", "close, ", False), ("1.0", "", False), ("1.0", "keep-alive, ", True)],
)
@pytest.mark.parametrize("body", [b"", b"ab"])
def test_an_upgrade_that_is_offered_changes_nothing_of_how_a_connection_ends(
    version: str, said: str, body: bytes, *, kept: bool
) -> None:
    wishes = (f"Connection: {said}Upgrade", "Upgrade: h2c", f"Content-Length: {len(body)}")
    first, *after = read(head(f"POST /p HTTP/{version}", "Host: a", *wishes) + body + get("/next"))
    assert (first.kept, first.body, first.fault) == (kept, body, None)
    assert [one.path for one in after] == (["/next"] if kept else [])


@pytest.mark.parametrize("name", ["long body", "two kinds", "long body in chunks"])
def test_an_upgrade_that_is_offered_does_not_mend_what_is_wrong(name: str) -> None:
    data, kind, _ = FAULTY[name]
    line, _, rest = data.partition(b"\r\n")
    (request,) = read(*cut(b"\r\n".join((line, *map(str.encode, UPGRADE), rest)), PIECE))
    assert (_kind(request.fault), request.body) == (kind, b"")


@pytest.mark.parametrize(
    ("target", "path", "host"),
    [
        ("http://b/x", "/x", "b"),
        ("HTTP://B:8080/x?y", "/x", "B:8080"),
        ("http://b", "/", "b"),
        ("http://b?y", "/", "b"),
        ("/http://b/", "/http://b/", "a"),
        ("//b/c", "//b/c", "a"),
        ("*", "/sparql", "a"),
    ],
)
def test_an_address_in_full_says_which_host_is_asked(target: str, path: str, host: str) -> None:
    (request,) = read(head(f"OPTIONS {target} HTTP/1.1", "Host: a"))
    assert request.fault is None
    assert (request.path, request.headers.get_all("host")) == (path, [host])


EXPECTING = ("Expect: 100-Continue", "Content-Length: 2")


@pytest.mark.parametrize("size", [1, 2**30])
def test_it_shows_that_a_client_waits_from_the_end_of_the_head_until_the_body_begins(size: int) -> None:
    found = reader()
    asked = post(b"", *EXPECTING)
    fed(found, cut(asked[:-1], size))
    assert not found.expects
    fed(found, [asked[-1:]])
    assert (found.expects, found.unfinished) == (True, BODY)
    fed(found, [b"a"])
    assert not found.expects
    assert [one.body for one in fed(found, [b"b", get("/")])] == [b"ab", b""]
    assert not found.expects


@pytest.mark.parametrize(
    "data",
    [
        sized(b"a")[:-1],
        sized(b"a", "Expect: miracles")[:-1],
        post(b"", "Content-Length: 1", "Transfer-Encoding: chunked", "Expect: 100-continue"),
        head("POST /p HTTP/1.1", *EXPECTING),
        head("POST /p HTTP/1.0", *EXPECTING),
        post(b"", f"Content-Length: {MOST + 1}", "Expect: 100-continue"),
    ],
    ids=["not asked", "something else", "unclear", "no host", "1.0", "too long"],
)
def test_nobody_waits_who_does_not_say_so_or_will_be_refused(data: bytes) -> None:
    found = reader()
    fed(found, [data])
    assert not found.expects


def test_a_request_that_is_refused_comes_out_as_far_as_it_has_been_read() -> None:
    fault = intake.too_slow(head=False)
    found = reader()
    fed(found, [sized(b"ab", "X: y")[:-1]])
    found.refuse(fault)
    found.refuse(intake.cut_off())
    (request,) = found.requests
    assert (request.path, request.headers.get("x"), request.kept, request.fault) == ("/p", "y", False, fault)
    assert (found.ended, found.unfinished) == (True, NOTHING)


def test_after_it_is_closed_a_reader_reads_nothing() -> None:
    found = reader()
    fed(found, [get("/")[:-1]])
    found.close()
    fed(found, [b"\n", get("/")])
    found.refuse(intake.cut_off())
    assert not found.requests


def test_unfinished_tells_which_part_is_waited_for() -> None:
    found = reader()
    seen = []
    for piece in (b"\r\n", b"G", get("/")[1:], get("/")[:-1], b"\n", sized(b"ab")[:-2], b"a", b"b"):
        fed(found, [piece])
        seen.append(found.unfinished)
    assert seen == [NOTHING, HEAD, NOTHING, HEAD, NOTHING, BODY, BODY, NOTHING]


def test_unknown_names_of_headers_take_no_place_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[bytes, str] = {}
    monkeypatch.setattr("bibgraph.web.server.request._names", names)
    for number in range(20):
        (request,) = read(get("/", f"{number:04}{'x' * PIECE}: y"))
        assert request.fault is None
    assert sum(map(len, names)) < PIECE


PIECES = [
    *(
        b"GET",
        b"POST",
        b" ",
        b"/",
        b"/%",
        b"*",
        b"http://",
        b"[",
        b"HTTP/1.1",
        b"HTTP/1.0",
        b"\r\n",
        b"\r",
        b"\n",
    ),
    *(b"Host: a", b"Host:", b":", b"Content-Length: ", b"9" * 30, b"0" * 5000, b"-", b"Expect: 100-continue"),
    *(b"Transfer-Encoding: chunked", b"chunked", b",", b"Connection: close", b"Connection: upgrade"),
    *(
        b"Upgrade: h2c",
        b"\0",
        b"\xff",
        b"\xc3\xa6",
        b"\t",
        b";",
        b"0\r\n\r\n",
        b"5\r\nhello\r\n",
        get("/"),
        b"\xb2",
    ),
    *(b"get", b"G-T", b"PLAY", b"CONNECT", b"GE", b"x" * 65, b"#", b"HTTP/1.2", b"gzip", b"a:80"),
]


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    data = draw(
        st.sampled_from(
            [one for one, _, _ in FAULTY.values() if len(one) < PIECE] + [sized(b"abc"), get("/?a=b")]
        )
    )
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(data))), draw(st.integers(0, 6))
        data = data[:start] + draw(st.sampled_from(PIECES) | st.binary(max_size=3)) + data[start + length :]
    return data


@given(
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=20).map(b"".join) | _mutated(),
    st.sampled_from([1, 3, 50, 2**30]),
)
@example(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 1)
@example(get("/", "Transfer-Encoding: chunked, chunked") + b"0\r\n\r\n", 1)
def test_no_bytes_make_a_reader_fail_and_what_it_cannot_read_is_the_last(data: bytes, size: int) -> None:
    found = reader()
    requests = fed(found, cut(data, size))
    assert all(one.kept and one.fault is None for one in requests[:-1])
    assert found.ended == bool(requests and not requests[-1].kept)
    assert not (found.ended and found.unfinished)
    at_once = read(data)
    assert [(one.path, one.body, _kind(one.fault)) for one in at_once] == [
        (one.path, one.body, _kind(one.fault)) for one in requests
    ]


_ONE_AFTER_ANOTHER = (
    get("/"),
    get("/a?b=c%20d"),
    get("/a?b=%"),
    get("/a#b"),
    get("a"),
    get("*"),
    get("http://b/c"),
    get("/\xe6"),
    get("/a", "Accept: text/csv"),
    get("/b", "Accept: text/csv"),
    get("/a", "Connection: close"),
    get("/a", "Content-Length: 3") + b"abc",
    get("/a", CHUNKED) + chunks(b"abc", 2),
    get("/a", "Expect: 100-continue"),
    get("/a", *UPGRADE),
    get("/a") + get("/b"),
    get("/a") + b"GET /b HTTP/1.1\r\n",
    head("GET /a HTTP/1.0", "Host: a"),
    head("HEAD /a HTTP/1.1", "Host: a"),
    head("GET /a HTTP/1.1"),
    head("GET  /a HTTP/1.1", "Host: a"),
    head("GET /a b HTTP/1.1", "Host: a"),
    b"\r\n" + get("/a"),
    b"Host: a\r\n\r\n",
    sized(b"abc"),
    sized(get("/a")),
)


class _Forgetful(Reader):
    """Reads all requests anew."""

    def _is_as_before(self, data: bytes) -> bool:
        del data
        return False


@given(st.lists(st.sampled_from(_ONE_AFTER_ANOTHER) | _mutated(), max_size=8))
def test_a_request_is_read_the_same_after_one_with_the_same_headers(pieces: list[bytes]) -> None:
    forgetful = _Forgetful("192.0.2.7", ("a", "80"), LIMITS, room())
    assert summary(read(*pieces)) == summary(fed(forgetful, pieces))


def test_headers_that_come_again_are_not_read_again() -> None:
    first, second, other = read(get("/a?b"), get("/c"), get("/c", "Accept: text/csv"))
    assert second.headers is first.headers
    assert second.path == "/c"
    assert other.headers is not first.headers
    assert first.headers.get("accept") is None


def test_a_body_that_there_is_no_room_for_is_refused_until_others_have_come_in() -> None:
    shares = Shares(2000)
    request = sized(b"x" * (SMALL + 1000))
    first, second, third, fourth = (
        Reader("192.0.2.7", ("a", "80"), Limits(), Body(shares, "192.0.2.7")) for _ in range(4)
    )
    first.feed(request[:-1])
    second.feed(request[: -SMALL - 1])
    second.feed(request[-SMALL - 1 :])
    assert isinstance(second.requests[0].fault, LimitError)
    assert (second.requests[0].fault.limit, second.requests[0].body) == ("incoming", b"")
    first.feed(request[-1:])
    assert (first.requests[0].fault, len(first.requests[0].body)) == (None, SMALL + 1000)
    third.feed(request[:-1])
    assert shares.bytes == 999
    third.close()
    assert shares.bytes == 0
    fourth.feed(request)
    assert fourth.requests[0].fault is None
