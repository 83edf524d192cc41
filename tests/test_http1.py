"""HTTP/1.1 of ``bibgraph serve`` by raw bytes; what is expected is what RFC 9110 and RFC 9112 say."""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import count, pairwise
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hostile.client import Client
from http1_cases import (
    CHUNKED_AT_LAST,
    CHUNKS,
    CODINGS,
    FIELDS,
    LENGTHS,
    LINES,
    METHOD,
    MIB,
    ODD_PATHS,
    OTHER_LANGUAGES,
    QUERY,
    REFUSED,
    SIZE,
)
from http1_world import (
    ACCEPT,
    AFTER,
    SMALL_WINDOW,
    Line,
    Word,
    chunked,
    chunks,
    expect,
    get,
    head,
    path,
    post,
    said,
    sized,
)
from test_hostile import ROOMY, Started, started
from web_world import TRIG

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are watched by /proc")

DESCRIPTORS = 60
SMUGGLED = get("smuggled")
NUMBERS = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("http1")
    (folder / "world.trig").write_text(TRIG, "utf-8")
    with started(folder, folder / "world.trig", limits=ROOMY) as found:
        yield found


@pytest.fixture(scope="module")
def client(server: Started) -> Client:
    return server.client


def short(text: str) -> str:
    """A name that is not as long as what is sent."""
    return ascii(text)[1:60]


@pytest.mark.parametrize("line", LINES, ids=short)
def test_request_lines(client: Client, line: str) -> None:
    expect(_led(client, line), LINES[line])


@pytest.mark.parametrize("length", [32 * 1024 + 1, 100 * 1024, MIB])
def test_a_target_that_is_too_long_is_414_that_can_be_read(client: Client, length: int) -> None:
    expect(_led(client, f"GET /sparql?query={'y' * length} HTTP/1.1"), {414})


def _led(client: Client, line: str) -> list[Word]:
    line = line.replace("{echo}", path("a")).replace("{here}", client.name)
    return said(client, head(line, "Host: a", ACCEPT) + AFTER)


@pytest.mark.parametrize("start", ["\r\n", "\r\n\r\n", "\n"])
def test_empty_lines_before_a_request_are_passed_over(client: Client, start: str) -> None:
    expect(said(client, start.encode() + get("a") + start.encode() + AFTER), {"a"})


@pytest.mark.parametrize("name", OTHER_LANGUAGES)
def test_what_is_no_request_is_refused_and_the_connection_ends(client: Client, name: str) -> None:
    with Line(client) as line:
        line.send(OTHER_LANGUAGES[name])
        line.end()
        assert line.words() in ([], [400], [505])


@pytest.mark.parametrize("target", ODD_PATHS)
def test_odd_paths_lead_nowhere_else(client: Client, target: str) -> None:
    with Line(client) as line:
        line.send(head(f"GET {target} HTTP/1.1", "Host: a") + AFTER)
        reply, after = line.answer(), line.answer()
    assert reply.status in (301, 303, 307, 308, 400, 404), reply
    assert not re.match("//|http://(?!a/)", "".join(reply.all("location"))), reply
    assert not reply.all("x")
    assert after.word == "after"


@pytest.mark.parametrize("bad", ["%", "%f", "%zz", "%ff", "%c3%28", "%ed%a0%80", "%c0%ae", "%f4%90%80%80"])
def test_bad_encodings_are_told(client: Client, bad: str) -> None:
    expect(_led(client, f"GET /id/{bad} HTTP/1.1"), {400, 404})
    expect(_led(client, f"GET {{echo}}&x={bad} HTTP/1.1"), {400})


@pytest.mark.parametrize("text", FIELDS, ids=short)
def test_headers(client: Client, text: str) -> None:
    expect(said(client, head(f"GET {path('a')} HTTP/1.1", text, ACCEPT) + AFTER), FIELDS[text])


@pytest.mark.parametrize("fields", [(), ("Host: a", "Host: a"), ("Host: a b",), ("Host:",)], ids=str)
def test_an_address_in_full_does_not_stand_for_the_header_host(client: Client, fields: Sequence[str]) -> None:
    asked = f"GET http://e.org{path('a')} HTTP/1."
    expect(said(client, head(f"{asked}1", *fields, ACCEPT) + AFTER), {400})
    assert said(client, head(f"{asked}1", "Host: b", ACCEPT) + AFTER) == ["a", "after"]
    assert said(client, head(f"{asked}0", ACCEPT)) == ["a"]


@pytest.mark.parametrize(
    ("line", "fields", "status"),
    [
        ("FOO / HTTP/1.1", (), 501),
        ("get / HTTP/1.1", ("Content-Length: 0",), 501),
        ("Put / HTTP/1.1", ("Connection: Upgrade", "Upgrade: h2c"), 501),
        ("CONNECT a:80 HTTP/1.1", (), 501),
        ("POST / HTTP/1.1", ("Transfer-Encoding: gzip, chunked",), 501),
        ("GET /# HTTP/1.1", (), 400),
    ],
)
@pytest.mark.parametrize("size", [1, MIB])
def test_what_is_refused_early_is_told_as_the_client_wants_it(
    client: Client, line: str, fields: Sequence[str], status: int, size: int
) -> None:
    for accept, kind in (
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        ("application/problem+json", "application/problem+json"),
    ):
        for language in ("nn", "en"):
            wishes = (f"Accept: {accept}", f"Accept-Language: {language}")
            sent = head(line, "Host: a", *fields, *wishes)
            with Line(client) as connection:
                for start in range(0, len(sent), size):
                    connection.send(sent[start : start + size])
                reply = connection.answer()
            assert reply.status == status
            assert reply.all("content-type") == [kind]
            assert reply.all("content-language") == [language]
            assert reply.has("connection", "close")


@pytest.mark.parametrize(
    ("kind", "coding", "status", "accepted"),
    [
        ("application/sparql-query", "gzip", 415, ["identity"]),
        ("application/x-www-form-urlencoded", "br, gzip", 415, ["identity"]),
        ("text/turtle", "identity", 415, []),
        ("application/sparql-query", "identity", 200, []),
    ],
)
def test_what_cannot_be_read_is_told_which_codings_or_types_are_taken(
    client: Client, kind: str, coding: str, status: int, accepted: list[str]
) -> None:
    fields = ("Host: a", f"Content-Type: {kind}", f"Content-Encoding: {coding}", f"Content-Length: {SIZE}")
    with Line(client) as line:
        line.send(head("POST /sparql HTTP/1.1", *fields) + QUERY.encode())
        reply = line.answer()
    assert (reply.status, reply.all("accept-encoding")) == (status, accepted)
    types = ["application/sparql-query, application/x-www-form-urlencoded"]
    assert reply.all("accept") == (types if status == 415 and not accepted else [])


@pytest.mark.parametrize("length", LENGTHS, ids=short)
def test_lengths(client: Client, length: str) -> None:
    stated = length.replace("{n}", str(SIZE)).replace("{m}", str(SIZE + len(SMUGGLED)))
    heard = said(client, post(QUERY.encode(), f"Content-Length: {stated}") + AFTER)
    expect(heard, LENGTHS[length], ends=heard != ["a", "after"])


@pytest.mark.parametrize("coding", CODINGS, ids=short)
def test_transfer_codings(client: Client, coding: str) -> None:
    heard = said(client, post(chunks(QUERY), coding) + AFTER)
    expect(heard, CODINGS[coding], ends=heard != ["a", "after"])


@pytest.mark.parametrize("coding", CHUNKED_AT_LAST, ids=short)
def test_transfer_codings_with_chunks_around_them(client: Client, coding: str) -> None:
    right = CHUNKED_AT_LAST[coding]
    expect(said(client, post(chunks(QUERY), coding) + AFTER), right, ends=right == {501})
    for body in (SMUGGLED, b"0\r\n\r\n" + SMUGGLED):
        expect(said(client, post(body, coding) + AFTER), REFUSED, ends=True)


@pytest.mark.parametrize("before", [True, False], ids=["length-last", "length-first"])
@pytest.mark.parametrize("coding", [*CODINGS, *CHUNKED_AT_LAST])
def test_a_length_beside_a_transfer_coding_ends_the_connection(
    client: Client, coding: str, *, before: bool
) -> None:
    for body, right in ((chunks(QUERY), {"a", *REFUSED}), (b"0\r\n\r\n" + SMUGGLED, REFUSED)):
        fields = (coding, f"Content-Length: {len(body)}")
        sent = post(body, *(fields if before else fields[::-1]))
        expect(said(client, sent + AFTER), right & {"a", *REFUSED}, ends=True)


@pytest.mark.parametrize("coding", ["chunked", "xchunked", "identity"])
@pytest.mark.parametrize("keep", [(), ("Connection: keep-alive",)])
def test_http_1_0_knows_no_transfer_codings(client: Client, coding: str, keep: tuple[str, ...]) -> None:
    sent = post(chunks(QUERY), f"Transfer-Encoding: {coding}", *keep, version="1.0")
    right: set[Word] = {"a", *REFUSED} if coding == "chunked" else REFUSED
    expect(said(client, sent + AFTER), right, ends=True)


@pytest.mark.parametrize("body", CHUNKS, ids=short)
def test_chunks(client: Client, body: str) -> None:
    text = body.replace("{n}", f"{SIZE:x}").replace("{q}", QUERY)
    heard = said(client, post(text.encode("latin-1"), "Transfer-Encoding: chunked") + AFTER)
    expect(heard, CHUNKS[body], ends=heard != ["a", "after"])


@pytest.mark.parametrize(
    "field", ["Content-Length: 5", "Transfer-Encoding: x", "Host: b", "Connection: close"]
)
def test_trailers_change_nothing(client: Client, field: str) -> None:
    body = chunks(QUERY)[:-2] + f"{field}\r\n\r\n".encode()
    heard = said(client, post(body, "Transfer-Encoding: chunked") + AFTER)
    expect(heard, {"a", 400}, ends=field == "Connection: close")  # though in a trailer, it may be followed


@pytest.mark.parametrize("size", [2**63, 2**32 + SIZE, 2**31, 2 * 10**6])
def test_a_chunk_of_which_more_was_to_come_is_no_body(client: Client, size: int) -> None:
    body = f"{size:x}\r\n{QUERY}\r\n0\r\n\r\n".encode()
    with Line(client) as line:
        line.send(post(body, "Transfer-Encoding: chunked") + AFTER)
        line.end()
        assert line.words() in ([], [400], [408], [413])


def test_what_follows_a_body_is_the_next_request_or_nothing(client: Client) -> None:
    assert said(client, sized("a") + sized("b") + AFTER) == ["a", "b", "after"]
    assert said(client, sized("a") + b"\r\n" + AFTER) == ["a", "after"]
    heard = said(client, sized("a") + b"XX" + AFTER)
    assert heard in (["a", 405, "after"], ["a", 405], ["a", 501, "after"], ["a", 501], ["a", 400]), heard
    heard = said(client, sized("a") + b"}" + AFTER)
    assert heard == ["a", 400], heard


def test_many_small_chunks_are_one_body(client: Client) -> None:
    body = b"".join(b"1\r\n%c\r\n" % byte for byte in QUERY.encode() + b" " * 2_000) + b"0\r\n\r\n"
    assert said(client, post(body, "Transfer-Encoding: chunked") + AFTER) == ["a", "after"]


def test_a_post_without_a_length_has_no_body(client: Client) -> None:
    expect(said(client, post(b"") + AFTER), {400, 411})
    expect(said(client, post(b"", "Content-Length: 0") + AFTER), {400})


@pytest.mark.parametrize(
    ("line", "methods", "right"),
    [
        (f"GET {path('a')}", (), {"a", 400, 413}),
        (f"HEAD {path('a')}", ("HEAD",), {200, 400, 413}),
        (f"OPTIONS {path('a')}", (), {200, 204, 400}),
        (f"DELETE {path('a')}", (), {400, *METHOD}),
        ("GET /nothing/here", (), {404, 400}),
        ("PUT /health", (), {400, *METHOD}),
    ],
)
def test_a_body_where_none_is_asked_for_is_no_request(
    client: Client, line: str, methods: Sequence[str], right: set[Word]
) -> None:
    top = (f"{line} HTTP/1.1", "Host: a", ACCEPT)
    with_length = head(*top, f"Content-Length: {len(SMUGGLED)}") + SMUGGLED
    expect(said(client, with_length + AFTER, *methods), right)
    in_chunks = head(*top, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (
        len(SMUGGLED),
        SMUGGLED,
    )
    expect(said(client, in_chunks + AFTER, *methods), right)


@pytest.mark.parametrize("said_so", ["100-continue", "100-Continue"])
def test_a_client_that_waits_is_asked_to_go_on(client: Client, said_so: str) -> None:
    sent = sized("a", f"Expect: {said_so}")
    with Line(client) as line:
        line.send(sent[:-SIZE])
        assert line.answer().status == 100
        line.send(sent[-SIZE:] + AFTER)
        assert line.words() == ["a", "after"]


def test_nobody_is_asked_to_go_on_before_the_answers_to_what_was_before(client: Client) -> None:
    sent = sized("b", "Expect: 100-continue")
    with Line(client) as line:
        line.send(slow() + sent[:-SIZE])
        assert [line.answer().word, line.answer().word] == ["90000", 100]
        line.send(sent[-SIZE:] + AFTER)
        assert line.words() == ["b", "after"]


def test_a_client_that_does_not_wait_gets_its_answer(client: Client) -> None:
    heard = said(client, sized("a", "Expect: 100-continue") + AFTER)
    assert heard in (["a", "after"], [100, "a", "after"])


def test_a_body_that_would_be_too_large_is_not_asked_for(client: Client) -> None:
    with Line(client) as line:
        line.send(post(b"", "Expect: 100-continue", "Content-Length: 3000000"))
        assert line.answer().status == 413


def test_a_request_that_is_refused_anyway_is_not_asked_for(client: Client) -> None:
    with Line(client) as line:
        line.send(head("POST /sparql HTTP/1.1", "Content-Length: 5", "Expect: 100-continue"))
        assert line.answer().status == 400


def test_http_1_0_knows_no_expectations(client: Client) -> None:
    assert said(client, sized("a", "Expect: 100-continue", version="1.0")) == ["a"]


def test_a_request_without_a_body_needs_no_going_on(client: Client) -> None:
    heard = said(client, get("a", "Expect: 100-continue") + AFTER)
    assert heard in (["a", "after"], [100, "a", "after"])


def test_other_expectations_are_refused_or_passed_over(client: Client) -> None:
    expect(said(client, sized("a", "Expect: 200-maybe") + AFTER), {"a", 417})


@pytest.mark.parametrize("sent", [sized("a"), chunked("a")], ids=["length", "chunks"])
def test_a_request_that_is_cut_off_is_none(client: Client, sent: bytes) -> None:
    for cut in {*range(1, len(sent), 23), len(sent) - 1}:
        with Line(client) as line:
            line.send(sent[:cut])
            line.end()
            assert line.words() in ([], [400], [408]), sent[:cut]


LARGE_BODY = b"y" * 3 * MIB
TOO_LARGE_REQUESTS: dict[str, tuple[bytes, set[Word]]] = {
    "length": (post(LARGE_BODY, f"Content-Length: {len(LARGE_BODY)}"), {413}),
    "chunks": (
        post(b"10000\r\n%s\r\n" % LARGE_BODY[:0x10000] * 48 + b"0\r\n\r\n", "Transfer-Encoding: chunked"),
        {413},
    ),
    "get": (get("a", f"Content-Length: {len(LARGE_BODY)}") + LARGE_BODY, {"a", 400, 413}),
    "elsewhere": (
        head("PUT /health HTTP/1.1", "Host: a", f"Content-Length: {len(LARGE_BODY)}") + LARGE_BODY,
        {400, 413, *METHOD},
    ),
}


@pytest.mark.parametrize("name", TOO_LARGE_REQUESTS)
def test_a_body_that_is_too_large_is_told_to_a_client_that_sends_all_of_it_first(
    client: Client, name: str
) -> None:
    sent, right = TOO_LARGE_REQUESTS[name]
    heard = said(client, sent + AFTER)
    assert heard[:1] in [[one] for one in right], heard
    assert heard[1:] in ([], ["after"]), heard


def test_a_body_that_is_too_large_is_told_before_it_has_come(client: Client) -> None:
    for sent in (
        post(b"", "Content-Length: 50000000000"),
        post(b"100000\r\n" + b"y" * 500_000, "Transfer-Encoding: chunked"),
    ):
        with Line(client) as line:
            line.send(sent)
            assert line.answer().status == 413


@pytest.mark.parametrize("line", ["PUT /health", "POST /nothing/here", "DELETE /sparql", "GET /nothing"])
def test_the_body_of_a_request_that_is_refused_is_no_request(client: Client, line: str) -> None:
    body = SMUGGLED * (200_000 // len(SMUGGLED))
    sent = head(f"{line} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}") + body
    expect(said(client, sent + AFTER), {400, 404, 413, *METHOD})


def test_what_is_refused_to_head_has_no_body(client: Client) -> None:
    for fields in (("Host: a", "X : y"), (), ("Host: a b",), ("Host: a", "Content-Length: x")):
        sent = head(f"HEAD {path('a')} HTTP/1.1", *fields)
        expect(said(client, sent + AFTER, "HEAD"), {400})


def test_what_is_kept_is_not_given_to_a_bad_request(client: Client) -> None:
    line = f"GET {path('kept')} HTTP/1."
    for _ in range(2):
        assert said(client, head(line + "0", ACCEPT)) == ["kept"]
        assert said(client, head(line + "1", "Host: a", ACCEPT, "Connection: close")) == ["kept"]
    for fields in ((), ("Host: a", "Host: a"), ("Host: a", "Host: b"), ("Host: a", "X y: z")):
        expect(said(client, head(line + "1", *fields, ACCEPT) + AFTER), {400})


def test_fifty_requests_on_one_connection(client: Client) -> None:
    with Line(client) as line:
        for number in range(50):
            line.send((get, sized, chunked)[number % 3](f"n{number}"))
            assert line.answer().word == f"n{number}"


@pytest.mark.parametrize(
    ("field", "right"),
    [(field, ["a"]) for field in ("close", "Close", "keep-alive, close", "x,close", "close\r\nConnection: x")]
    + [(field, ["a", "after"]) for field in ("keep-alive", "x", "", ",", "closed", "x\r\nClose: close")],
)
def test_a_connection_ends_when_it_is_to_end_and_then_alone(
    client: Client, field: str, right: list[Word]
) -> None:
    assert said(client, get("a", f"Connection: {field}") + AFTER) == right
    assert said(client, sized("a", f"Connection: {field}") + AFTER) == right


@pytest.mark.parametrize("field", ["X: y", "Connection: close", "Connection: keep-alive"])
def test_http_1_0_keeps_a_connection_only_if_both_say_so(client: Client, field: str) -> None:
    sent = head(f"GET {path('a')} HTTP/1.0", ACCEPT, field)
    with Line(client) as line:
        line.send(sent + AFTER)
        first, *others = line.answers()
    assert first.word == "a"
    assert not first.all("transfer-encoding")
    assert [reply.word for reply in others] == (["after"] if first.has("connection", "keep-alive") else [])
    assert field == "Connection: keep-alive" or not others
    assert said(client, head("GET / HTTP/1.0", "Connection: close")) == [200]


ENDINGS = {
    "asked for": get("a", "Connection: close"),
    "no request": b"oops\r\n\r\n",
    "no length": post(b"", "Content-Length: x"),
    "two framings": post(chunks(QUERY), "Transfer-Encoding: chunked", f"Content-Length: {SIZE}"),
    "no chunk": post(b"x\r\n", "Transfer-Encoding: chunked"),
    "too large": post(b"", "Content-Length: 50000000000"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_server_that_ends_a_connection_says_so(client: Client, name: str) -> None:
    with Line(client) as line:
        line.send(ENDINGS[name])
        reply = line.answer()
        if name == "too large" and not reply.has("connection", "close"):
            return  # it may wait for what it will not read
        assert line.answers() == []
        assert reply.has("connection", "close"), reply


def slow() -> bytes:
    """A request that takes a moment."""
    numbers = " ".join(map(str, range(300)))
    values = f"VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }}"
    text = f"SELECT (COUNT(*) AS ?n) {{ {values} }} # {next(NUMBERS)}"
    return post(text.encode(), f"Content-Length: {len(text)}")


def test_each_connection_gets_its_own_answers(client: Client) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(Line(client)) for _ in range(40)]
        for kind in (get, sized, chunked):
            for number, line in enumerate(lines):
                line.send(kind(f"c{number}"))
            for number, line in enumerate(lines):
                assert line.answer().word == f"c{number}"


def test_answers_come_whole_and_in_order(client: Client) -> None:
    marks = [f"m{number}" for number in range(20)]
    assert said(client, b"".join(map(get, marks)) + AFTER) == [*marks, "after"]
    assert said(client, slow() + b"".join(map(sized, marks)) + AFTER) == ["90000", *marks, "after"]
    mixed = get("a") + sized("b") + get("c", method="HEAD") + chunked("d") + get("e", method="HEAD") + AFTER
    methods = ("GET", "POST", "HEAD", "POST", "HEAD")
    assert said(client, mixed, *methods) == ["a", "b", 200, "d", 200, "after"]


def test_much_may_be_asked_for_at_once(client: Client) -> None:
    marks = [f"m{number}" for number in range(20)]
    assert said(client, slow() + b"".join(map(get, marks)) * 80 + AFTER) == ["90000", *marks * 80, "after"]
    spaces = b" " * 80_000
    large_body = post(QUERY.encode() + spaces, f"Content-Length: {SIZE + len(spaces)}")
    sent = slow() + b"".join(map(sized, marks)) * 5 + large_body * 3 + b"".join(map(get, marks)) + AFTER
    assert said(client, sent) == ["90000", *marks * 5, *"aaa", *marks, "after"]


def test_a_bad_request_does_not_overtake_those_before_it(client: Client) -> None:
    for bad, status in (
        (b"oops\r\n\r\n", 400),
        (head("GET /nothing HTTP/1.1"), 400),
        (post(b"", "Content-Length: x"), 400),
    ):
        heard = said(client, slow() + get("a") + bad + AFTER)
        assert heard in (["90000", "a", status], ["90000", "a", status, "after"]), heard
    heard = said(client, slow() + get("a") + post(b"", "Content-Length: 50000000") + AFTER)
    assert heard == ["90000", "a", 413], heard
    assert said(client, slow() + get("a", "Connection: close") + get("b") + b"oops\r\n\r\n") == ["90000", "a"]


STREAM = get("a") + sized("b") + b"\r\n" + get("c", method="HEAD") + chunked("d") + AFTER
STREAM_METHODS = ("GET", "POST", "HEAD", "POST")
STREAM_WORDS = ["a", "b", 200, "d", "after"]


def test_bytes_may_come_one_by_one(client: Client) -> None:
    with Line(client) as line:
        for at in range(len(STREAM)):
            line.send(STREAM[at : at + 1])
        assert line.words(STREAM_METHODS) == STREAM_WORDS


def test_requests_may_be_split_at_every_place(client: Client) -> None:
    sent = chunked("a", 40) + AFTER
    for start in range(1, len(sent), 100):
        with ExitStack() as stack:
            lines = [
                (cut, stack.enter_context(Line(client))) for cut in range(start, min(start + 100, len(sent)))
            ]
            for cut, line in lines:
                line.send(sent[:cut])
            assert said(client, AFTER) == ["after"]
            for cut, line in lines:
                line.send(sent[cut:])
                assert line.words() == ["a", "after"], sent[:cut]


@given(st.lists(st.integers(1, len(STREAM) - 1), min_size=1, max_size=8, unique=True))
@settings(max_examples=25)
def test_how_the_bytes_are_parted_changes_nothing(client: Client, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    with Line(client) as line, Line(client) as other:
        for start, end in pairwise(places):
            line.send(STREAM[start:end])
            other.send(get("other"))  # so that the server comes to read what has come
            assert other.answer().word == "other"
        assert line.words(STREAM_METHODS) == STREAM_WORDS


def test_a_client_that_has_said_all_is_answered_or_let_go(client: Client) -> None:
    for sent in (get("a"), get("a") + sized("b"), slow() + get("a"), sized("a")):
        with Line(client) as line:
            line.send(sent)
            line.end()
            heard = line.words()
        assert heard in ([], ["a"], ["a", "b"], ["90000"], ["90000", "a"]), heard


@pytest.mark.parametrize("rudely", [True, False])
def test_clients_may_leave_at_any_time(client: Client, *, rudely: bool) -> None:
    for sent in (b"", STREAM[:30], STREAM[:-30], slow(), slow() * 3, get("a") * 5, large()):
        for part in (sent, sent[: len(sent) // 2], sent[:1]):
            line = Line(client, window=SMALL_WINDOW)
            line.send(part)
            line.hang_up(rudely=rudely)
    for _ in range(5):
        line = Line(client, window=SMALL_WINDOW)
        line.send(large())
        assert line.socket.recv(1000)
        line.hang_up(rudely=rudely)
    assert said(client, STREAM, *STREAM_METHODS) == STREAM_WORDS


UPGRADES = {
    "http/2": ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"),
    "tls": ("Connection: Upgrade", "Upgrade: TLS/1.0, x/y"),
    "to nothing": ("Connection: Upgrade",),
    "to nothing at all": ("Connection: keep-alive, Upgrade", "Upgrade:"),
    "not from here": ("Upgrade: h2c",),
    "websocket": (
        *("Connection: Upgrade", "Upgrade: websocket"),
        *("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
    ),
}


@pytest.mark.parametrize("name", UPGRADES)
def test_who_asks_for_another_protocol_is_answered_in_this_one(client: Client, name: str) -> None:
    fields = UPGRADES[name]
    refused: list[Word] = [400, 426] if name == "websocket" else []
    for right, method, sent in (
        ("a", "GET", get("a", *fields)),
        ("a", "POST", sized("a", *fields)),
        ("a", "POST", post(chunks(QUERY), "Transfer-Encoding: chunked", *fields)),
        (200, "HEAD", get("a", *fields, method="HEAD")),
    ):
        heard = said(client, sent + AFTER, method)
        assert heard[:1] in [[word] for word in (right, *refused)], heard
        assert heard[1:] in ([], ["after"]), heard


def test_idle_and_half_sent_connections_stop_nobody(client: Client) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(Line(client)) for _ in range(300)]
        for line in idle[:100]:
            line.send(sized("idle")[:-5])
        assert said(client, STREAM, *STREAM_METHODS) == STREAM_WORDS
        for line in (idle[0], idle[99]):
            line.send(sized("idle")[-5:])
            assert line.answer().word == "idle"
        for line in (idle[100], idle[-1]):
            line.send(get("idle"))
            assert line.answer().word == "idle"


ONE_AND_MORE = [
    ("image/png", "text/csv"),
    ("*/*", "application/sparql-results+json;q=0"),
    ("text/csv;q=0.5", "text/tab-separated-values"),
]


@pytest.mark.parametrize(("first", "second"), ONE_AND_MORE)
def test_what_one_client_says_in_several_lines_changes_no_answer_to_others(
    client: Client, first: str, second: str
) -> None:
    asked = f"GET {path('lines ' + first)} HTTP/1.1"
    with Line(client) as line:
        answers = []
        for fields in ((first, second), (first,), (f"{first}, {second}",)):
            line.send(head(asked, "Host: a", *(f"Accept: {field}" for field in fields)))
            answers.append(line.answer())
    together, alone, in_one_line = ((answer.status, answer.all("content-type")) for answer in answers)
    assert together == in_one_line != alone


def test_conditions_in_several_lines_are_one_list(client: Client) -> None:
    with Line(client) as line:
        line.send(get("listed"))
        (tag,) = line.answer().all("etag")
        line.send(get("listed", 'If-None-Match: "other"', f"If-None-Match: {tag}"))
        assert line.answer().status == 304
        line.send(get("listed", 'If-Match: "other"', f"If-Match: {tag}"))
        assert line.answer().word == "listed"


def large() -> bytes:
    """A request whose answer does not fit into what the system keeps for a connection."""
    numbers = " ".join(map(str, range(160)))
    text = f"SELECT * {{ VALUES ?number {{ {numbers} }} VALUES ?other {{ {numbers} }} }}"
    return head(
        f"GET /sparql?query={quote(text)} HTTP/1.1", "Host: a", "Accept: application/sparql-results+json"
    )


def test_a_slow_reader_gets_all_and_holds_up_nobody(client: Client) -> None:
    with Line(client) as line:
        line.send(large())
        whole = line.answer()
    assert whole.status == 200
    assert len(whole.body) > 2 * MIB
    with Line(client, window=SMALL_WINDOW) as line:
        line.send(large() + get("a", "Connection: close"))
        for _ in range(10):
            line.held += line.socket.recv(1000)
            assert said(client, AFTER) == ["after"]
        assert line.answer().body == whole.body
        assert line.words() in ([], ["a"])  # it may end after so large an answer


def test_answers_are_not_made_for_a_client_that_takes_none(server: Started) -> None:
    with Line(server.client) as line:
        line.send(large())
        size = len(line.answer().body)
    before = server.tree.memory()
    with Line(server.client, window=SMALL_WINDOW) as line:
        line.send(large() * 60)
        for _ in range(20):
            assert said(server.client, AFTER) == ["after"]
        assert server.tree.memory() - before < 30 * size


def test_answers_without_a_body_do_not_mix_with_the_next_one(client: Client) -> None:
    with Line(client) as line:
        line.send(get("a"))
        known = line.answer()
        line.send(
            get("a", f"If-None-Match: {known.all('etag')[0]}") * 2 + get("a", method="HEAD") + sized("b")
        )
        first, second, third, fourth = line.answer(), line.answer(), line.answer("HEAD"), line.answer()
    assert [first.status, second.status, fourth.word] == [304, 304, "b"]
    assert first.all("etag") == known.all("etag")
    assert not set(first.all("content-length")) - {str(len(known.body))}
    assert third.status == 200
    alike = [sorted(pair for pair in reply.headers if pair[0] != "date") for reply in (known, third)]
    assert alike[0] == alike[1]


@pytest.mark.parametrize(
    "target", ["/", "/health", "/metrics", "/nothing", "/sparql", "/queries", "/doc/measure"]
)
def test_answers_are_framed_and_dated_and_head_has_the_same_length(client: Client, target: str) -> None:
    with Line(client) as line:
        statuses = []
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "POST"):
            fields = ("Content-Length: 0",) if method in ("PUT", "POST") else ()
            line.send(head(f"{method} {target} HTTP/1.1", "Host: a", "Accept-Encoding: gzip", *fields))
            statuses.append(line.answer(method))
        assert statuses[0].status == statuses[1].status
        if target != "/metrics":
            assert statuses[0].all("content-length") == statuses[1].all("content-length")
        assert all(reply.status < 500 for reply in statuses)
        line.send(AFTER)
        assert line.answer().word == "after"


def spoilt(start: int, length: int, put: bytes) -> bytes:
    """The stream with other bytes in the place of some."""
    return STREAM[:start] + put + STREAM[start + length :]


@given(
    st.binary(max_size=300)
    | st.builds(spoilt, st.integers(0, len(STREAM)), st.integers(0, 40), st.binary(max_size=20))
)
@example(b"\r\n" * 5000)
@example(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 5000)
@settings(max_examples=60)
def test_whatever_bytes_come_the_server_is_right_afterwards(client: Client, sent: bytes) -> None:
    with Line(client) as line, suppress(ConnectionError):
        line.socket.sendall(sent)
        line.end()
        while piece := line.socket.recv(MIB):
            line.held += piece
    assert set(re.findall(rb"HTTP/1\.1 (5\d\d)", line.held)) <= {b"501", b"505"}, line.held
    assert said(client, AFTER) == ["after"]


def test_after_all_of_it_the_server_is_as_it_was(server: Started) -> None:
    gc.collect()
    ends = time.monotonic() + 60
    while server.tree.descriptors() > DESCRIPTORS:
        assert time.monotonic() < ends, "connections are left open"
        time.sleep(0.05)
    assert server.process.poll() is None
    assert said(server.client, STREAM, *STREAM_METHODS) == STREAM_WORDS
    others = [line for line in server.log.read_text("utf-8").splitlines() if not line.startswith("{")]
    assert [line for line in others if not line.startswith("Serving at ")] == []
    counted = server.client.get("/metrics").body.decode()
    assert not re.search(r'status="5(?!01|05)', counted), counted
